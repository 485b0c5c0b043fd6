import type { Performance } from "./performance.ts";
import type { Audience, DeliveryReport } from "./utterance.ts";

/** A line that is over. */
export interface RecentLine {
  utterance: string;
  speaker: string;
  to: Audience;
  text: string;
  state: "done" | "cancelled" | "failed";
  report: DeliveryReport;
}

/** Sums since the start. */
export interface LineTotals {
  lines: number;
  delivered: number;
  cancelled: number;
  sentences: number;
  audioMs: number;
  problems: number;
}

/** Lines that are remembered for the console. */
const REMEMBERED = 20;

/** What was said lately, and how much in all. */
export class LineLog {
  readonly totals: LineTotals = {
    lines: 0,
    delivered: 0,
    cancelled: 0,
    sentences: 0,
    audioMs: 0,
    problems: 0,
  };
  readonly #recent: RecentLine[] = [];

  /** Newest first. */
  get recent(): readonly RecentLine[] {
    return [...this.#recent].reverse();
  }

  /** Notes the line when it is over; one of which nobody can say how far it is heard, as soon as it was sent. */
  async follow(performance: Performance): Promise<void> {
    const handed = await performance.handedOver;
    const early = performance.isReported ? undefined : lineOf(performance, handed);
    if (early) this.#note(early);
    const report = await performance.done;
    if (early) Object.assign(early, lineOf(performance, report));
    else this.#note(lineOf(performance, report));
  }

  #note(line: RecentLine): void {
    const { report } = line;
    this.#recent.push(line);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    this.totals.lines += 1;
    this.totals.delivered += Number(report.delivered);
    this.totals.cancelled += Number(report.cancelled);
    this.totals.sentences += report.sentences;
    this.totals.audioMs += report.durationMs;
    this.totals.problems += report.problems.length;
  }
}

function lineOf({ script, text }: Performance, report: DeliveryReport): RecentLine {
  const { speaker, to } = script;
  const state = report.cancelled ? "cancelled" : report.delivered ? "done" : "failed";
  return { utterance: report.utterance, speaker, to, text, state, report };
}
