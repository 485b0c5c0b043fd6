import type { DeliveryReport, RecentUtterance } from "../../core/protocol/api.ts";
import type { ActiveUtterance } from "./active-utterance.ts";

/** Sums since the start. */
export interface UtteranceTotals {
  utterances: number;
  delivered: number;
  cancelled: number;
  sentences: number;
  audioMs: number;
  problems: number;
}

/** Utterances that are remembered for the console. */
const REMEMBERED = 20;

/** The latest utterances, and totals since the start. */
export class UtteranceLog {
  readonly #totals: UtteranceTotals = {
    utterances: 0,
    delivered: 0,
    cancelled: 0,
    sentences: 0,
    audioMs: 0,
    problems: 0,
  };
  readonly #recent: RecentUtterance[] = [];

  get totals(): Readonly<UtteranceTotals> {
    return this.#totals;
  }

  /** Newest first. */
  get recent(): readonly RecentUtterance[] {
    return [...this.#recent].reverse();
  }

  /** Notes it when it is over; one of which nobody can say how far it is heard, as soon as it was sent. */
  async follow(active: ActiveUtterance): Promise<void> {
    const handed = await active.handedOver;
    const early = active.isReported ? undefined : recentOf(active, handed);
    if (early) this.#note(early);
    const report = await active.done;
    if (early) Object.assign(early, recentOf(active, report));
    else this.#note(recentOf(active, report));
  }

  #note(recent: RecentUtterance): void {
    const { report } = recent;
    this.#recent.push(recent);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    this.#totals.utterances += 1;
    this.#totals.delivered += Number(report.delivered);
    this.#totals.cancelled += Number(report.cancelled);
    this.#totals.sentences += report.sentences;
    this.#totals.audioMs += report.durationMs;
    this.#totals.problems += report.problems.length;
  }
}

function recentOf({ request, text }: ActiveUtterance, report: DeliveryReport): RecentUtterance {
  const { speaker, to } = request;
  const state = report.cancelled ? "cancelled" : report.delivered ? "done" : "failed";
  return { utterance: report.utterance, speaker, to, text, state, report };
}
