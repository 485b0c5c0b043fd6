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

  /** Notes the line when it is over. */
  async follow(performance: Performance): Promise<void> {
    const report = await performance.done;
    const { speaker, to } = performance.script;
    this.#recent.push({
      utterance: report.utterance,
      speaker,
      to,
      text: performance.text,
      state: report.cancelled ? "cancelled" : report.delivered ? "done" : "failed",
      report,
    });
    if (this.#recent.length > REMEMBERED) this.#recent.shift();
    this.totals.lines += 1;
    this.totals.delivered += Number(report.delivered);
    this.totals.cancelled += Number(report.cancelled);
    this.totals.sentences += report.sentences;
    this.totals.audioMs += report.durationMs;
    this.totals.problems += report.problems.length;
  }
}
