import type { LineClip } from "../session/line.ts";

export interface ClipQueueLimits {
  /** Sound that may be waiting, together with what is scheduled already. */
  maxMs: number;
  maxBytes: number;
}

/**
 * Clips that wait for their turn, bounded in time and bytes; at the limit the oldest go. While nothing can be
 * heard the table does not wait: `skipMissed` takes out what the others have finished hearing, so that a
 * late listener joins the sentence they are hearing now. Times are in ms on any one clock.
 */
export class ClipQueue {
  readonly #limits: ClipQueueLimits;
  #waiting: { clip: LineClip; arrivedAt: number }[] = [];
  #ms = 0;
  #bytes = 0;
  /** When the first clip waiting began for the others, if it had arrived by then. */
  #playheadMs = 0;

  constructor(limits: ClipQueueLimits) {
    this.#limits = limits;
  }

  get head(): LineClip | undefined {
    return this.#waiting[0]?.clip;
  }

  /** Takes a clip, with `aheadMs` scheduled before it; gives back those that had to go for it. */
  push(clip: LineClip, now: number, aheadMs: number): LineClip[] {
    this.#add([clip], now, "last");
    const gone: LineClip[] = [];
    const over = (): boolean =>
      this.#ms + aheadMs > this.#limits.maxMs || this.#bytes > this.#limits.maxBytes;
    while (over() && this.#waiting.length > 1) gone.push(this.shift() as LineClip);
    return gone;
  }

  /** Takes the first clip out. */
  shift(): LineClip | undefined {
    const clip = this.#waiting.shift()?.clip;
    this.#ms -= clip?.durationMs ?? 0;
    this.#bytes -= clip?.bytes.length ?? 0;
    return clip;
  }

  /** Puts clips back to the front, whose sound was taken away at `now`. */
  putBack(clips: readonly LineClip[], now: number): void {
    this.#add(clips, now, "first");
    this.#playheadMs = now;
  }

  /** Takes out what the others have heard to the end by now. */
  skipMissed(now: number): LineClip[] {
    const missed: LineClip[] = [];
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const endsAt = Math.max(this.#playheadMs, first.arrivedAt) + first.clip.durationMs;
      if (endsAt > now) break;
      this.#playheadMs = endsAt;
      missed.push(first.clip);
      this.shift();
    }
    return missed;
  }

  clear(): void {
    this.#waiting = [];
    this.#ms = this.#bytes = 0;
  }

  #add(clips: readonly LineClip[], arrivedAt: number, where: "first" | "last"): void {
    const added = clips.map((clip) => ({ clip, arrivedAt }));
    this.#waiting = where === "first" ? [...added, ...this.#waiting] : [...this.#waiting, ...added];
    for (const clip of clips) {
      this.#ms += clip.durationMs;
      this.#bytes += clip.bytes.length;
    }
  }
}
