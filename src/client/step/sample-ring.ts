/** A stretch that is filled, by position. */
interface Span {
  from: number;
  to: number;
}

/** Stretches that are kept apart; beyond it the oldest are given up. */
const MAX_SPANS = 256;

/**
 * Sound by absolute position: the last `capacity` samples before the furthest that was written. Positions are
 * whole numbers of any size; where nothing was written there is silence.
 */
export class SampleRing {
  readonly #samples: Float32Array;
  /** In order, and apart from each other. */
  #spans: Span[] = [];
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
    this.#fill(from, to);
  }

  /** Empties a stretch; without limits, everything. */
  clear(from: number = Number.NEGATIVE_INFINITY, to: number = Number.POSITIVE_INFINITY): void {
    const first = Math.max(from, this.#end - this.#samples.length);
    const last = Math.min(to, this.#end);
    if (first < last) this.#silence(first, last);
    this.#spans = this.#spans.flatMap((span) => [
      ...(span.from < Math.min(span.to, from) ? [{ from: span.from, to: Math.min(span.to, from) }] : []),
      ...(Math.max(span.from, to) < span.to ? [{ from: Math.max(span.from, to), to: span.to }] : []),
    ]);
  }

  /** The sample at a whole position. */
  at(position: number): number {
    if (!(position < this.#end) || position < this.#end - this.#samples.length) return 0;
    return this.#samples[this.#indexOf(position)] as number;
  }

  /** Up to where it is filled from that position on without a break; the position itself where it is not. */
  filledUntil(position: number): number {
    for (const { from, to } of this.#spans) if (from <= position && position < to) return to;
    return position;
  }

  /** Where the filled stretch begins in which that position lies, or the next one after it. */
  filledFrom(position: number): number {
    for (const { from, to } of this.#spans) if (position < to) return from;
    return Number.POSITIVE_INFINITY;
  }

  #indexOf(position: number): number {
    const index = position % this.#samples.length;
    return index < 0 ? index + this.#samples.length : index;
  }

  /** What comes between is silent until it is written. */
  #moveEnd(end: number, from: number): void {
    const capacity = this.#samples.length;
    if (from > this.#end) this.#silence(Math.max(this.#end, end - capacity), from);
    this.#end = end;
    const tail = end - capacity;
    while (this.#spans[0] && this.#spans[0].to <= tail) this.#spans.shift();
    const [oldest] = this.#spans;
    if (oldest) oldest.from = Math.max(oldest.from, tail);
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

  #fill(from: number, to: number): void {
    const before = this.#spans.filter((span) => span.to < from);
    const after = this.#spans.filter((span) => span.from > to);
    const touched = this.#spans.slice(before.length, this.#spans.length - after.length);
    const joined = {
      from: Math.min(from, touched[0]?.from ?? from),
      to: Math.max(to, touched.at(-1)?.to ?? to),
    };
    this.#spans = [...before, joined, ...after].slice(-MAX_SPANS);
  }
}
