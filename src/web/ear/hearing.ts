import { PROBE_SECONDS, Probe } from "../../core/dsp/probe.ts";
import { type Arrival, ProbeFinder } from "../../core/dsp/probe-finder.ts";

/** What a microphone gave: frames by their number. */
export interface HeardPiece {
  frame: number;
  samples: Float32Array;
}

/** A probe is looked for from so many ms before its moment… */
const BEFORE_MS = 120;
/** …to so many after it: a device may be half a second late. */
const AFTER_MS = 530 + PROBE_SECONDS * 1000;
/** Sound that is kept until it was looked at. */
const KEPT_SECONDS = 4;
/** After a start, and after a gap, the first pieces come late and at odd times. */
export const STEADY_MS = 1_500;

/** How late a probe was heard. */
export interface HeardProbe {
  /** ms after its moment, give or take what is the same for all. */
  lateMs: number;
  likeness: number;
  isHeard: boolean;
}

/** What a microphone hears, for as long as it takes to look for a probe in it. Bounded: what is older is overwritten. */
export class Hearing {
  readonly #sampleRate: number;
  readonly #ring: Float32Array;
  readonly #finder: ProbeFinder;
  readonly #span: number;
  /** Since when it has come without a gap. */
  #since: number | undefined;
  #end = 0;
  /** ms since the epoch at which frame 0 would have been heard: tells where to look, to some 20 ms. */
  #origin: number | undefined;
  #soonest = Number.POSITIVE_INFINITY;

  /** @param sampleRate Hz of the microphone's context */
  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#ring = new Float32Array(KEPT_SECONDS * sampleRate);
    this.#span = Math.round(((BEFORE_MS + AFTER_MS) * sampleRate) / 1000);
    this.#finder = new ProbeFinder({ sampleRate, span: this.#span, seconds: PROBE_SECONDS });
  }

  /** Whether it has heard for long enough, without a gap, to know where to look. */
  get isSteady(): boolean {
    return this.#origin !== undefined;
  }

  /** Takes what was heard. @param cameAt ms since the epoch */
  take({ frame, samples }: HeardPiece, cameAt: number): void {
    if (frame !== this.#end || this.#since === undefined) {
      this.#since = frame;
      this.#soonest = Number.POSITIVE_INFINITY;
    }
    for (const [index, sample] of samples.entries()) this.#ring[(frame + index) % this.#ring.length] = sample;
    this.#end = frame + samples.length;
    const heardMs = this.#msOf(this.#end - this.#since);
    // The first second of pieces comes in a heap.
    if (heardMs > STEADY_MS / 2) this.#soonest = Math.min(this.#soonest, cameAt - this.#msOf(this.#end));
    // Once known it stays: what is compared is frames, and nothing else.
    if (heardMs > STEADY_MS) this.#origin ??= this.#soonest;
  }

  /** Whether all was heard in which a probe for that moment may lie. @param atMs since the epoch */
  hasHeard(atMs: number): boolean {
    return this.#origin !== undefined && this.#end >= this.#startOf(atMs, this.#origin) + this.#span;
  }

  /** Looks for a probe around its moment. @param atMs since the epoch */
  find(root: number, atMs: number): HeardProbe {
    const origin = this.#origin ?? 0;
    const start = this.#startOf(atMs, origin);
    const { at, likeness, isHeard } = this.#finder.find(this.#from(start), new Probe(root)) satisfies Arrival;
    return { lateMs: this.#msOf(start + at) + origin - atMs, likeness, isHeard };
  }

  #startOf(atMs: number, origin: number): number {
    return Math.round(((atMs - origin - BEFORE_MS) * this.#sampleRate) / 1000);
  }

  #msOf(frames: number): number {
    return (frames * 1000) / this.#sampleRate;
  }

  /** A stretch; what is not there (any more) is silence. */
  #from(start: number): Float32Array {
    const oldest = Math.max(this.#since ?? 0, this.#end - this.#ring.length);
    return Float32Array.from({ length: this.#span }, (_, index) => {
      const frame = start + index;
      return frame < oldest || frame >= this.#end ? 0 : (this.#ring[frame % this.#ring.length] as number);
    });
  }
}
