/** A stretch of positions: `from` is in it, `to` is not. */
export interface Span {
  from: number;
  to: number;
}

/** Stretches that are kept apart; beyond it the oldest are given up. */
const MAX_SPANS = 256;

/** Which positions are filled: stretches in order, and apart from each other. */
export class Spans {
  #spans: readonly Span[] = [];

  get all(): readonly Span[] {
    return this.#spans;
  }

  /** Up to where it is filled at the furthest; −Infinity where it is not at all. */
  get end(): number {
    return this.#spans.at(-1)?.to ?? Number.NEGATIVE_INFINITY;
  }

  add(from: number, to: number): void {
    if (from >= to) return;
    const before = this.#spans.filter((span) => span.to < from);
    const after = this.#spans.filter((span) => span.from > to);
    const touched = this.#spans.slice(before.length, this.#spans.length - after.length);
    const joined = {
      from: Math.min(from, touched[0]?.from ?? from),
      to: Math.max(to, touched.at(-1)?.to ?? to),
    };
    this.#spans = [...before, joined, ...after].slice(-MAX_SPANS);
  }

  remove(from: number, to: number): void {
    if (!this.#spans.some((span) => span.from < to && from < span.to)) return;
    this.#spans = this.#spans.flatMap((span) => {
      const kept = [
        { from: span.from, to: Math.min(span.to, from) },
        { from: Math.max(span.from, to), to: span.to },
      ];
      return kept.filter((part) => part.from < part.to);
    });
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
}
