import type { AudioProcessor } from "../audio-processor.ts";
import type { Effect } from "./effect.ts";

/** The reverberating tail is given out in pieces of so many ms. */
const HOP_MS = 50;
/** The tail is over when it is softer than this part of the loudest moment: −46 dB. */
const SILENCE = 0.005;
/** ms after which it is over in any case. */
const MAX_TAIL_MS = 2500;

/** An effect for pieces of sound; what rings on after them comes with the flush. */
export class EffectProcessor implements AudioProcessor {
  readonly #effect: Effect;
  readonly #hop: number;
  readonly #maxHops: number;
  #peak = 0;

  /** @param sampleRate Hz */
  constructor(effect: Effect, sampleRate: number) {
    this.#effect = effect;
    this.#hop = Math.round((sampleRate * HOP_MS) / 1000);
    this.#maxHops = MAX_TAIL_MS / HOP_MS;
  }

  /** In place. */
  push(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    this.#peak = Math.max(this.#peak, this.#apply(samples));
    return samples;
  }

  flush(): Float32Array<ArrayBuffer> {
    const tail = new Float32Array(this.#hop * this.#maxHops);
    for (let hop = 1; hop <= this.#maxHops; hop++) {
      const part = tail.subarray((hop - 1) * this.#hop, hop * this.#hop);
      const peak = this.#apply(part);
      if (peak > this.#peak * SILENCE && hop < this.#maxHops) continue;
      for (let i = 0; i < part.length; i++) part[i] = (part[i] as number) * (1 - i / part.length);
      return tail.subarray(0, peak > 0 ? hop * this.#hop : (hop - 1) * this.#hop);
    }
    return tail;
  }

  /** @returns the loudest moment */
  #apply(samples: Float32Array): number {
    let peak = 0;
    for (let i = 0; i < samples.length; i++) {
      const sample = this.#effect.next(samples[i] as number);
      samples[i] = sample;
      peak = Math.max(peak, Math.abs(sample));
    }
    return peak;
  }
}
