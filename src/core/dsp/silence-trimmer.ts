import type { AudioProcessor } from "./audio-processor.ts";
import { joinPcm } from "./pcm.ts";

/** ms of silence that may come before the first sound. */
const KEPT_MS = 60;

/**
 * Cuts what is longer than 60 ms of the silence before the first sound. A sound that is nothing but silence is a
 * pause, and stays.
 */
export class SilenceTrimmer implements AudioProcessor {
  readonly #threshold: number;
  readonly #kept: number;
  #held: Float32Array<ArrayBuffer> = new Float32Array(0);
  #cut = 0;
  #begun = false;

  /** @param threshold what is softer is silence; full scale is 1 @param sampleRate Hz */
  constructor(threshold: number, sampleRate: number) {
    this.#threshold = threshold;
    this.#kept = Math.round((sampleRate * KEPT_MS) / 1000);
  }

  /** Samples that were cut; undefined before the first sound. */
  get cut(): number | undefined {
    return this.#begun ? this.#cut : undefined;
  }

  push(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    if (this.#begun) return samples;
    const onset = this.#onsetIn(samples);
    this.#begun = onset < samples.length;
    const cut = Math.max(0, this.#held.length + onset - this.#kept);
    this.#cut += cut;
    const rest = joinPcm([this.#held, samples]).slice(cut);
    this.#held = this.#begun ? new Float32Array(0) : rest;
    return this.#begun ? rest : new Float32Array(0);
  }

  flush(): Float32Array<ArrayBuffer> {
    if (this.#begun) return new Float32Array(0);
    this.#begun = true;
    const pause = new Float32Array(this.#cut + this.#held.length);
    this.#cut = 0;
    return pause;
  }

  /** Samples of silence that it begins with. */
  #onsetIn(samples: Float32Array): number {
    const threshold = this.#threshold;
    let onset = 0;
    while (onset < samples.length && Math.abs(samples[onset] as number) < threshold) onset += 1;
    return onset;
  }
}
