import type { AudioProcessor } from "./audio-processor.ts";

/** Full scale is 1: how far out a sample may be, which is 18 dB more than any engine means. */
const MAX_SAMPLE = 8;
/** Hz below which sound is taken away: far under the deepest voice. */
const LOWEST_HZ = 10;

/**
 * Makes of what an engine gives sound that can be worked with: numbers, within bounds, around zero. What is no number is
 * silence, and an offset goes without a click where the sound begins with it.
 */
export class InputConditioner implements AudioProcessor {
  /** How much of an offset is left after a sample. */
  readonly #keeps: number;
  #last: number | undefined;
  #out = 0;

  /** @param sampleRate Hz */
  constructor(sampleRate: number) {
    this.#keeps = 1 - (2 * Math.PI * LOWEST_HZ) / sampleRate;
  }

  /** In place. */
  push(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    let last = this.#last ?? bounded(samples[0] ?? 0);
    let out = this.#out;
    for (let i = 0; i < samples.length; i++) {
      const sample = bounded(samples[i] as number);
      out = sample - last + this.#keeps * out;
      last = sample;
      samples[i] = out;
    }
    if (samples.length > 0) this.#last = last;
    this.#out = out;
    return samples;
  }

  flush(): Float32Array<ArrayBuffer> {
    return new Float32Array(0);
  }
}

function bounded(sample: number): number {
  if (Number.isNaN(sample)) return 0;
  return Math.min(MAX_SAMPLE, Math.max(-MAX_SAMPLE, sample));
}
