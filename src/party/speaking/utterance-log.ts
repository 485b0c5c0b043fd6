import type { DeliveryReport, LogPage, RecentUtterance } from "../../core/protocol/api.ts";
import type { ActiveUtterance } from "./active-utterance.ts";
import type { KeptUtterance } from "./kept-utterances.ts";
import { lineTexts } from "./line-texts.ts";
import type { UtteranceJournal } from "./utterance-journal.ts";

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
/** Lines of services that are remembered. */
const SERVICE_LINES = 1_000;

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
  readonly #journal: UtteranceJournal | undefined;
  /** Services by line, the oldest first. */
  readonly #services = new Map<string, string>();

  /** @param journal has what was said before this process began, and keeps what becomes of what is said now */
  constructor(journal?: UtteranceJournal) {
    this.#journal = journal;
  }

  get totals(): Readonly<UtteranceTotals> {
    return this.#totals;
  }

  /** Newest first. */
  get recent(): readonly RecentUtterance[] {
    // What became of a line that was cut short may become known later.
    const past = (this.#journal?.past ?? []).slice(-REMEMBERED).flatMap(recentOfKept);
    return [...past, ...this.#recent].slice(-REMEMBERED).reverse();
  }

  /**
   * What is kept of what was said, newest first: of the journal, or without one of what the console remembers.
   * @param page.before id of an utterance: only those that began before it; none, where it is not kept any more
   */
  page({ before, limit }: { before?: string | undefined; limit: number }): LogPage {
    const ids = this.#kept.map((line) => ("begin" in line ? line.begin.id : line.utterance));
    const end = before === undefined ? ids.length : ids.indexOf(before);
    const start = Math.max(0, end - limit);
    const page = this.#kept
      .slice(start, Math.max(0, end))
      .flatMap((line) => ("begin" in line ? recentOfKept(line) : [line]));
    return { utterances: page.reverse(), more: start > 0 };
  }

  /** Lines that are over, oldest first. */
  get #kept(): readonly (KeptUtterance | RecentUtterance)[] {
    return this.#journal?.lines.filter(({ over }) => over) ?? this.#recent;
  }

  /** The service that asked for a line, as far as that is remembered. */
  serviceOf(utterance: string): string | undefined {
    return this.#services.get(utterance);
  }

  /** Notes it when it is over; one of which nobody can say how far it is heard, as soon as it was sent. */
  async follow(active: ActiveUtterance): Promise<void> {
    this.#noteService(active);
    const { carried } = active;
    const handed = await active.handedOver;
    const isReported = active.isReported || carried?.isUnknown;
    const early = isReported ? undefined : recentOf(active, handed);
    const isMadeHere = !carried || carried.sink !== undefined;
    if (early) this.#note(early, isMadeHere);
    const report = await active.done;
    // The process that made it is gone, and nobody here listened.
    if (carried?.isUnknown && report.players.length === 0) return;
    const recent = recentOf(active, report);
    if (early) Object.assign(early, recent);
    else this.#note(recent, isMadeHere);
    const { state } = recent;
    const { lastOffset: offset } = active.messages;
    this.#journal?.over({ id: report.utterance, state, report, offset, written: active.again?.text });
  }

  #noteService({ id, request: { service } }: ActiveUtterance): void {
    if (service === undefined) return;
    this.#services.set(id, service);
    const [oldest] = this.#services.keys();
    if (this.#services.size > SERVICE_LINES && oldest !== undefined) this.#services.delete(oldest);
  }

  /** @param counts whether it is in the totals: of a line that several processes know, in one of them */
  #note(recent: RecentUtterance, counts: boolean): void {
    const { report } = recent;
    this.#recent.push(recent);
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    if (!counts) return;
    this.#totals.utterances += 1;
    this.#totals.delivered += Number(report.delivered);
    this.#totals.cancelled += Number(report.cancelled);
    this.#totals.sentences += report.sentences;
    this.#totals.audioMs += report.durationMs;
    this.#totals.problems += report.problems.length;
  }
}

function recentOfKept({ begin, texts, over }: KeptUtterance): RecentUtterance[] {
  if (!over) return [];
  const { id, to, text } = begin;
  const words =
    text === undefined ? { text: texts.map((sentence) => sentence.text).join(" ") } : lineTexts(text);
  const { written, state, report } = over;
  const again = begin.again && { ...begin.again, ...(written === undefined ? {} : { text: written }) };
  const { speaker } = begin.head;
  return [{ utterance: id, speaker, to, ...words, ...(again ? { again } : {}), state, report }];
}

function recentOf({ request, texts, again }: ActiveUtterance, report: DeliveryReport): RecentUtterance {
  const { speaker, to } = request;
  const state = report.cancelled ? "cancelled" : report.delivered ? "done" : "failed";
  return { utterance: report.utterance, speaker, to, ...texts, ...(again ? { again } : {}), state, report };
}
