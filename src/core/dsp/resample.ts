import type { AudioProcessor } from "./audio-processor.ts";
import { polyphase } from "./polyphase.ts";

/** Zero crossings of the sinc on either side: with its window, about 100 dB. */
const ZERO_CROSSINGS = 16;
/** Where the passband ends, as a part of the lower Nyquist frequency. */
const ROLL_OFF = 0.94;

/**
 * Changes the sample rate of mono PCM that arrives in pieces: a polyphase filter, a sinc in a Kaiser window
 * (J. O. Smith, "Digital Audio Resampling"). What comes out is delayed by nothing: the first sample out
 * stands where the first sample in stood, and all in all there are ceil(samples · to / from).
 */
export class Resampler implements AudioProcessor {
  readonly #up: number;
  readonly #down: number;
  readonly #taps: number;
  readonly #filter: Float64Array;
  #held: Float64Array;
  #phase = 0;
  #taken = 0;
  #given = 0;

  /** @param from Hz @param to Hz; whole numbers */
  constructor(from: number, to: number) {
    const divisor = greatestCommonDivisor(from, to);
    this.#up = to / divisor;
    this.#down = from / divisor;
    const scale = Math.min(1, to / from);
    const half = 2 * Math.ceil(ZERO_CROSSINGS / scale / 2);
    this.#taps = 2 * half;
    this.#filter = Float64Array.from(polyphase(this.#up, half, scale * ROLL_OFF));
    this.#held = new Float64Array(half - 1);
  }

  /** The samples that can be computed now that the next piece is there. */
  push(samples: Float32Array): Float32Array<ArrayBuffer> {
    this.#taken += samples.length;
    return this.#filtered(samples);
  }

  /** What is left when the last piece has come; then a new stream may begin. */
  flush(): Float32Array<ArrayBuffer> {
    const missing = Math.ceil((this.#taken * this.#up) / this.#down) - this.#given;
    return this.#filtered(new Float32Array(this.#taps)).slice(0, Math.max(0, missing));
  }

  #filtered(samples: Float32Array): Float32Array<ArrayBuffer> {
    const held = this.#held;
    // Numbers of 64 bits, as they are computed with: turning them takes as long as the sums.
    const input = new Float64Array(held.length + samples.length);
    input.set(held);
    input.set(samples, held.length);
    const out = new Float32Array(Math.ceil((input.length * this.#up) / this.#down) + 1);
    const taps = this.#taps;
    const up = this.#up;
    const filter = this.#filter;
    let phase = this.#phase;
    let count = 0;
    let at = 0;
    while (at + taps <= input.length) {
      const row = phase * taps;
      // Four sums side by side: one alone waits for itself at each tap.
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let tap = 0; tap < taps; tap += 4) {
        a += (input[at + tap] as number) * (filter[row + tap] as number);
        b += (input[at + tap + 1] as number) * (filter[row + tap + 1] as number);
        c += (input[at + tap + 2] as number) * (filter[row + tap + 2] as number);
        d += (input[at + tap + 3] as number) * (filter[row + tap + 3] as number);
      }
      out[count++] = a + b + c + d;
      phase += this.#down;
      while (phase >= up) {
        phase -= up;
        at += 1;
      }
    }
    this.#phase = phase;
    this.#held = input.slice(at);
    this.#given += count;
    return out.subarray(0, count);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
