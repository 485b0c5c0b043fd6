/** From `fromMs` of a line on, its time runs with the server's clock from `startAt`. */
export interface Segment {
  fromMs: number;
  startAt: number;
}

/** Times a line may be moved; beyond it the oldest are forgotten, which are long heard. */
const MAX_SEGMENTS = 64;

/**
 * When each moment of a line is heard by everyone in step: `…Ms` are places in the line, `…At` ms on the
 * server's clock. A line that was moved pauses where its new part begins.
 */
export class Timeline {
  #segments: Segment[] = [];

  /** Whether it is known when the line begins. */
  get isSet(): boolean {
    return this.#segments.length > 0;
  }

  /** When the line begins; undefined before that is known. */
  get startAt(): number | undefined {
    return this.#segments[0]?.startAt;
  }

  /** From `fromMs` on the line is heard from `startAt` on; what was said of later places is void. */
  move(fromMs: number, startAt: number): void {
    this.#segments = this.#segments.filter((segment) => segment.fromMs < fromMs);
    this.#segments.push({ fromMs, startAt });
    if (this.#segments.length > MAX_SEGMENTS) this.#segments.shift();
  }

  /** The next place after `ms` at which the line pauses or jumps; Infinity where there is none. */
  seamAfter(ms: number): number {
    return this.#segments.find(({ fromMs }) => fromMs > ms)?.fromMs ?? Infinity;
  }

  /** The stretch of the line in which that place stands, and when it begins. */
  segmentOf(ms: number): Segment | undefined {
    return this.#segments.findLast(({ fromMs }) => fromMs <= ms);
  }

  /** When that place is heard; undefined where that is not known. */
  timeOf(ms: number): number | undefined {
    const segment = this.segmentOf(ms);
    return segment && segment.startAt + ms - segment.fromMs;
  }

  /** The place that is heard at that time, or at which the line pauses; undefined before it begins. */
  placeAt(at: number): number | undefined {
    const index = this.#segments.findLastIndex(({ startAt }) => startAt <= at);
    const segment = this.#segments[index];
    if (!segment) return undefined;
    const next = this.#segments[index + 1]?.fromMs ?? Infinity;
    return Math.min(segment.fromMs + at - segment.startAt, next);
  }
}
