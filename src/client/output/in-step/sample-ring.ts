import { Spans } from "./spans.ts";

/**
 * Sound by absolute position: the last `capacity` samples before the furthest that was written. Positions are
 * whole numbers of any size; where nothing was written there is silence.
 */
export class SampleRing {
  readonly #samples: Float32Array;
  readonly #spans = new Spans();
  #end = Number.NEGATIVE_INFINITY;

  /** @param capacity samples */
  constructor(capacity: number) {
    this.#samples = new Float32Array(capacity);
  }

  /** Puts samples in their place, whatever was there. What lies too far before the rest is let go. */
  write(at: number, samples: Float32Array): void {
    const capacity = this.#samples.length;
    const to = at + samples.length;
    if (to > this.#end) this.#moveEnd(to, at);
    const from = Math.max(at, this.#end - capacity);
    if (from >= to) return;
    for (let start = from; start < to; ) {
      const index = this.#indexOf(start);
      const count = Math.min(to - start, capacity - index);
      this.#samples.set(samples.subarray(start - at, start - at + count), index);
      start += count;
    }
    this.#spans.add(from, to);
  }

  /** Empties a stretch; without limits, everything. */
  clear(from: number = Number.NEGATIVE_INFINITY, to: number = Number.POSITIVE_INFINITY): void {
    const first = Math.max(from, this.#end - this.#samples.length);
    const last = Math.min(to, this.#end);
    if (first < last) this.#silence(first, last);
    this.#spans.remove(from, to);
    // New samples may lie before the old ones: a clock may have started anew.
    this.#end = this.#spans.end;
  }

  /** The sample at a whole position. */
  at(position: number): number {
    if (!(position < this.#end) || position < this.#end - this.#samples.length) return 0;
    return this.#samples[this.#indexOf(position)] as number;
  }

  /** Up to where it is filled from that position on without a break; the position itself where it is not. */
  filledUntil(position: number): number {
    return this.#spans.filledUntil(position);
  }

  /** Where the filled stretch begins in which that position lies, or the next one after it. */
  filledFrom(position: number): number {
    return this.#spans.filledFrom(position);
  }

  #indexOf(position: number): number {
    const index = position % this.#samples.length;
    return index < 0 ? index + this.#samples.length : index;
  }

  /** The gap is silent until it is written. */
  #moveEnd(end: number, from: number): void {
    const capacity = this.#samples.length;
    if (from > this.#end) this.#silence(Math.max(this.#end, end - capacity), from);
    this.#end = end;
    this.#spans.remove(Number.NEGATIVE_INFINITY, end - capacity);
  }

  #silence(from: number, to: number): void {
    const capacity = this.#samples.length;
    if (to - from >= capacity) this.#samples.fill(0);
    else {
      const start = this.#indexOf(from);
      const end = start + to - from;
      this.#samples.fill(0, start, Math.min(end, capacity));
      if (end > capacity) this.#samples.fill(0, 0, end - capacity);
    }
  }
}
