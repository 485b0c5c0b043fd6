import type { AudioProcessor } from "./audio-processor.ts";
import { joinPcm } from "./pcm.ts";
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
  readonly #filter: Float32Array;
  #held: Float32Array;
  #phase = 0;
  #taken = 0;
  #given = 0;

  /** @param from Hz @param to Hz; whole numbers */
  constructor(from: number, to: number) {
    const divisor = greatestCommonDivisor(from, to);
    this.#up = to / divisor;
    this.#down = from / divisor;
    const scale = Math.min(1, to / from);
    const half = Math.ceil(ZERO_CROSSINGS / scale);
    this.#taps = 2 * half;
    this.#filter = polyphase(this.#up, half, scale * ROLL_OFF);
    this.#held = new Float32Array(half - 1);
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
    const input = joinPcm([this.#held, samples]);
    const out = new Float32Array(Math.ceil((input.length * this.#up) / this.#down) + 1);
    const taps = this.#taps;
    let count = 0;
    let at = 0;
    while (at + taps <= input.length) {
      const phase = this.#phase * taps;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++)
        sum += (input[at + tap] as number) * (this.#filter[phase + tap] as number);
      out[count++] = sum;
      this.#phase += this.#down;
      at += Math.floor(this.#phase / this.#up);
      this.#phase %= this.#up;
    }
    this.#held = input.slice(at);
    this.#given += count;
    return out.subarray(0, count);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
