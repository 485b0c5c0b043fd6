import type { Audience, DeliveryReport } from "../request/utterance.ts";
import type { ActiveUtterance } from "./active-utterance.ts";
import type { KeptUtterance } from "./kept-utterances.ts";
import type { UtteranceJournal } from "./utterance-journal.ts";
import type { UtteranceOutcome } from "./utterance-record.ts";

/** A line that is over. */
export interface RecentUtterance {
  utterance: string;
  speaker: string;
  to: Audience;
  text: string;
  state: UtteranceOutcome;
  report: DeliveryReport;
}

/** Sums since the start. */
export interface UtteranceTotals {
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
export class UtteranceLog {
  readonly totals: UtteranceTotals = {
    lines: 0,
    delivered: 0,
    cancelled: 0,
    sentences: 0,
    audioMs: 0,
    problems: 0,
  };
  readonly #recent: RecentUtterance[];
  readonly #journal: UtteranceJournal | undefined;

  /** @param journal has what was said before this process began, and keeps what becomes of what is said now */
  constructor(journal?: UtteranceJournal) {
    this.#journal = journal;
    this.#recent = (journal?.past ?? []).slice(-REMEMBERED).flatMap(lineOfKept);
  }

  /** Newest first. */
  get recent(): readonly RecentUtterance[] {
    return [...this.#recent].reverse();
  }

  /** Notes the line when it is over; one of which nobody can say how far it is heard, as soon as it was sent. */
  async follow(active: ActiveUtterance): Promise<void> {
    const handed = await active.handedOver;
    const early = active.isReported ? undefined : lineOf(active, handed);
    if (early) this.#note(early);
    const report = await active.done;
    if (early) Object.assign(early, lineOf(active, report));
    else this.#note(lineOf(active, report));
    const { state } = lineOf(active, report);
    this.#journal?.over({ id: report.utterance, state, report, offset: active.messages.lastOffset });
  }

  #note(line: RecentUtterance): void {
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

function lineOfKept({ begin, texts, over }: KeptUtterance): RecentUtterance[] {
  if (!over) return [];
  const { id, to, text = texts.map((sentence) => sentence.text).join(" ") } = begin;
  return [{ utterance: id, speaker: begin.head.speaker, to, text, state: over.state, report: over.report }];
}

function lineOf({ request, text }: ActiveUtterance, report: DeliveryReport): RecentUtterance {
  const { speaker, to } = request;
  const state = report.cancelled ? "cancelled" : report.delivered ? "done" : "failed";
  return { utterance: report.utterance, speaker, to, text, state, report };
}
