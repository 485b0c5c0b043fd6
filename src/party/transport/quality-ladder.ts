import type { Codec } from "../../core/protocol/v2.ts";
import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";

/** A backlog that lasts so long, or so many reports in a row of sound running dry, cost a rung. */
const DOWN_AFTER_MS = 3_000;
const DOWN_AFTER_REPORTS = 3;
/** Calm that lasts so long wins it back. */
const UP_AFTER_MS = 10_000;

/** From the best that a listener asked for down to captions only, which has no encoding; PCM has no less. */
const RUNGS: Readonly<Record<Codec, readonly (FrameEncoding | undefined)[]>> = {
  opus: ["opus", "opus-low", undefined],
  pcm16: ["pcm16", undefined, undefined],
};
const LOWEST = 2;

/** The quality a connection gets: lower while it cannot keep up, so that it need not be closed. */
export class QualityLadder {
  readonly #now: () => number;
  #rung = 0;
  #changedAt = -Infinity;
  #calmSince: number;
  #dryReports = 0;

  /** @param now a clock in ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#calmSince = now();
  }

  /** The encoding for an utterance in this codec; undefined: text only. */
  encodingFor(codec: Codec): FrameEncoding | undefined {
    return RUNGS[codec][this.#rung];
  }

  /** How far down: 0 is what was asked for. */
  get rung(): number {
    return this.#rung;
  }

  /** Begins so many rungs down. */
  begin(rung: number): void {
    while (this.#rung < Math.min(rung, LOWEST)) this.#move(1);
  }

  /** @param backlogMs how long bytes have been waiting for the listener without a break; 0 for none */
  observe(backlogMs: number): void {
    const now = this.#now();
    if (backlogMs > 0) this.#calmSince = now;
    if (backlogMs >= DOWN_AFTER_MS && now - this.#changedAt >= DOWN_AFTER_MS) this.#move(1);
    else if (now - this.#calmSince >= UP_AFTER_MS) this.#move(-1);
  }

  /** Takes a listener's report on the last second. */
  report(ranDry: boolean): void {
    this.#dryReports = ranDry ? this.#dryReports + 1 : 0;
    if (ranDry) this.#calmSince = this.#now();
    if (this.#dryReports >= DOWN_AFTER_REPORTS) this.#move(1);
  }

  #move(step: 1 | -1): void {
    this.#rung = Math.min(LOWEST, Math.max(0, this.#rung + step));
    this.#changedAt = this.#calmSince = this.#now();
    this.#dryReports = 0;
  }
}
