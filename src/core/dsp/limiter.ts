import type { AudioProcessor } from "./audio-processor.ts";
import { joinPcm } from "./pcm.ts";
import { TRUE_PEAK_REACH, truePeaks } from "./true-peak.ts";

/** ms before a peak at which the gain begins to fall. */
const LOOK_AHEAD_MS = 5;
/** ms in which the gain has recovered by two thirds. */
const RELEASE_MS = 80;

/**
 * Keeps the true peak of mono sound under a ceiling. The gain that the loudest moment of the next 5 ms needs is averaged
 * over 5 ms: it falls and rises without a corner and is always there in time, so nothing is ever clipped.
 */
export class Limiter implements AudioProcessor {
  readonly #ceiling: number;
  readonly #ahead: number;
  readonly #release: number;
  /** What the last moments need, a ring; and the same with release, of which the mean is the gain. */
  readonly #needed: Float64Array;
  readonly #eased: Float64Array;
  #least = 1;
  #ease = 1;
  #sum: number;
  /** Samples whose peak was found. */
  #at = 0;
  #energyBefore = 0;
  #energyAfter = 0;
  /** Samples that wait for their gain, and samples that wait for the next ones. */
  #held: Float32Array<ArrayBuffer>;

  /** @param ceiling full scale is 1 @param sampleRate Hz */
  constructor(ceiling: number, sampleRate: number) {
    this.#ceiling = ceiling;
    this.#ahead = Math.ceil((sampleRate * LOOK_AHEAD_MS) / 1000);
    this.#release = 1 - Math.exp(-1000 / (RELEASE_MS * sampleRate));
    this.#needed = new Float64Array(this.#ahead + 1).fill(1);
    this.#eased = new Float64Array(this.#ahead + 1).fill(1);
    this.#sum = this.#ahead + 1;
    this.#held = new Float32Array(this.#ahead + TRUE_PEAK_REACH);
  }

  /** dB of the sound's power that were taken away. */
  get lostDb(): number {
    return this.#energyAfter > 0 ? 10 * Math.log10(this.#energyBefore / this.#energyAfter) : 0;
  }

  push(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    const input = joinPcm([this.#held, samples]);
    const peaks = truePeaks(input, this.#ahead + TRUE_PEAK_REACH, this.#ceiling);
    const out = new Float32Array(peaks.length);
    let count = 0;
    for (let i = 0; i < peaks.length; i++) {
      const gain = this.#next(Math.min(1, this.#ceiling / (peaks[i] as number)));
      // The first ones are what was there before the sound.
      if (this.#at++ < this.#ahead) continue;
      const sample = input[TRUE_PEAK_REACH + i] as number;
      out[count++] = gain * sample;
      this.#energyBefore += sample ** 2;
      this.#energyAfter += (gain * sample) ** 2;
    }
    this.#held = input.slice(peaks.length);
    return out.subarray(0, count);
  }

  flush(): Float32Array<ArrayBuffer> {
    return this.push(new Float32Array(this.#ahead + TRUE_PEAK_REACH));
  }

  /** The gain of the sample that stands `ahead` before the one that needs `needed`. */
  #next(needed: number): number {
    const ring = this.#needed;
    const slot = this.#at % ring.length;
    const leaving = ring[slot] as number;
    ring[slot] = needed;
    let least = this.#least;
    if (needed < least) least = needed;
    else if (leaving === least && leaving < 1) least = leastOf(ring);
    const ease = Math.min(least, this.#ease + (1 - this.#ease) * this.#release);
    const eased = this.#eased;
    const sum = this.#sum + ease - (eased[slot] as number);
    eased[slot] = ease;
    this.#least = least;
    this.#ease = ease;
    this.#sum = sum;
    return sum / eased.length;
  }
}

function leastOf(gains: Float64Array): number {
  let least = 1;
  for (let i = 0; i < gains.length; i++) least = Math.min(least, gains[i] as number);
  return least;
}
