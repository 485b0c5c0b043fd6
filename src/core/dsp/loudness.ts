/**
 * Loudness and levels as ITU-R BS.1770-4 and EBU R 128 measure them.
 * @module
 */
import { Biquad, type BiquadCoefficients } from "./biquad.ts";

/** A block is 400 ms long and begins every 100 ms. */
const HOP_MS = 100;
const HOPS_PER_BLOCK = 4;
/** Blocks that are softer count as silence: the mean square of −70 LUFS. */
const SILENCE = 10 ** ((-70 + 0.691) / 10);
/** Blocks that are softer than the mean by 10 LU do not count, as a part of it. */
const RELATIVE_GATE = 0.1;

/** LUFS of a mean square after K-weighting, one channel. */
export function toLufs(meanSquare: number): number {
  return -0.691 + 10 * Math.log10(meanSquare);
}

/**
 * Measures the integrated loudness of mono sound that arrives in pieces (ITU-R BS.1770-4: K-weighting, blocks of
 * 400 ms that overlap by three quarters, absolute and relative gate). It keeps 8 bytes for each 100 ms.
 */
export class LoudnessMeter {
  readonly #shelf: Biquad;
  readonly #highPass: Biquad;
  readonly #hopSamples: number;
  /** Mean squares of the last hops, the oldest first. */
  #hops: number[] = [];
  #sum = 0;
  #count = 0;
  /** Mean squares of the blocks that are not silence. */
  readonly #blocks: number[] = [];

  /** @param sampleRate Hz */
  constructor(sampleRate: number) {
    this.#shelf = new Biquad(headShelf(sampleRate));
    this.#highPass = new Biquad(lowCut(sampleRate));
    this.#hopSamples = Math.round((sampleRate * HOP_MS) / 1000);
  }

  push(samples: Float32Array): void {
    const weighted = Float64Array.from(samples);
    this.#shelf.run(weighted);
    this.#highPass.run(weighted);
    for (let at = 0; at < weighted.length; ) {
      const end = Math.min(weighted.length, at + this.#hopSamples - this.#count);
      this.#count += end - at;
      let sum = 0;
      for (; at < end; at++) sum += (weighted[at] as number) ** 2;
      this.#sum += sum;
      if (this.#count === this.#hopSamples) this.#endHop();
    }
  }

  /** LUFS so far; before the first block that counts, of what there is. Undefined where all of it is silence. */
  get lufs(): number | undefined {
    const blocks = this.#gated();
    const meanSquare = blocks.length > 0 ? mean(blocks) : this.#recent();
    return meanSquare > SILENCE ? toLufs(meanSquare) : undefined;
  }

  /** ms of sound in it that count: neither silence nor pauses. */
  get ms(): number {
    const blocks = this.#gated().length;
    if (blocks > 0) return (blocks + HOPS_PER_BLOCK - 1) * HOP_MS;
    return this.#recent() > SILENCE ? (this.#hops.length + this.#count / this.#hopSamples) * HOP_MS : 0;
  }

  #endHop(): void {
    this.#hops.push(this.#sum / this.#hopSamples);
    this.#sum = 0;
    this.#count = 0;
    if (this.#hops.length < HOPS_PER_BLOCK) return;
    const block = mean(this.#hops);
    if (block > SILENCE) this.#blocks.push(block);
    this.#hops.shift();
  }

  /** The mean square of what is no whole block yet. */
  #recent(): number {
    const hops = this.#hops.reduce((sum, hop) => sum + hop, 0);
    const samples = this.#hops.length * this.#hopSamples + this.#count;
    return samples > 0 ? (hops * this.#hopSamples + this.#sum) / samples : 0;
  }

  /** The blocks that count. */
  #gated(): number[] {
    const gate = mean(this.#blocks) * RELATIVE_GATE;
    return this.#blocks.filter((block) => block > gate);
  }
}

/**
 * The first filter of K-weighting: a head makes high sound louder. The standard tables it for 48 kHz; this is the analogue
 * filter those numbers come from (B. De Man, "Evaluation of Implementations of the EBU R128 Loudness Measurement").
 */
function headShelf(sampleRate: number): BiquadCoefficients {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const q = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + k / q + k * k;
  return {
    b0: (high + (band * k) / q + k * k) / a0,
    b1: (2 * (k * k - high)) / a0,
    b2: (high - (band * k) / q + k * k) / a0,
    a1: (2 * (k * k - 1)) / a0,
    a2: (1 - k / q + k * k) / a0,
  };
}

/** The second one: ears are dull for what is very low. Source as `headShelf`. */
function lowCut(sampleRate: number): BiquadCoefficients {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const q = 0.5003270373238773;
  const a0 = 1 + k / q + k * k;
  return { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);
}
