import type { AudioProcessor } from "./audio-processor.ts";
import { joinPcm } from "./pcm.ts";

/** ms of sound between one seam and the next; each is faded over all of it. */
const HOP_MS = 14;
/** ms by which a seam may be moved to where the waves fit: a period of a deep voice. */
const SEARCH_MS = 7;
/** The search looks at every so manyth sample first, then at all of them around the best. */
const COARSE = 4;

/**
 * Makes speech faster or slower at the same pitch: pieces of it are laid over one another where their waves are most alike
 * (WSOLA: W. Verhelst and M. Roelands, "An overlap-add technique based on waveform similarity for high quality
 * time-scale modification of speech", ICASSP 1993). What was at t is at t / speed, give or take 7 ms.
 */
export class TimeStretch implements AudioProcessor {
  readonly #speed: number;
  readonly #hop: number;
  readonly #search: number;
  readonly #fade: Float32Array;
  /** The input from `#start` on. */
  #held: Float32Array<ArrayBuffer> = new Float32Array(0);
  #start = 0;
  #taken = 0;
  #hops = 0;
  /** Where in the input the sound would go on if there were no seam. */
  #next = 0;

  /** @param speed 2 = twice as fast @param sampleRate Hz */
  constructor(speed: number, sampleRate: number) {
    this.#speed = speed;
    this.#hop = Math.round((sampleRate * HOP_MS) / 1000);
    this.#search = Math.round((sampleRate * SEARCH_MS) / 1000);
    this.#fade = Float32Array.from(
      { length: this.#hop },
      (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / this.#hop),
    );
  }

  push(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    this.#taken += samples.length;
    return this.#stretched(samples);
  }

  flush(): Float32Array<ArrayBuffer> {
    const missing = Math.round(this.#taken / this.#speed) - this.#hops * this.#hop;
    const silence = Math.ceil((missing + this.#hop) * this.#speed) + 2 * (this.#hop + this.#search);
    return this.#stretched(new Float32Array(silence)).slice(0, Math.max(0, missing));
  }

  #stretched(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
    this.#held = joinPcm([this.#held, samples]);
    const end = this.#start + this.#held.length;
    const hops: Float32Array[] = [];
    while (Math.max(this.#ideal() + this.#search, this.#next) + this.#hop <= end) hops.push(this.#seam());
    const passed = Math.max(0, Math.min(this.#ideal() - this.#search, this.#next) - this.#start);
    this.#held = this.#held.slice(passed);
    this.#start += passed;
    return joinPcm(hops);
  }

  /** Where in the input the next hop belongs. */
  #ideal(): number {
    return Math.round(this.#hops * this.#hop * this.#speed);
  }

  /** One hop of output: from what would go on to what belongs there. */
  #seam(): Float32Array {
    const goesOn = this.#held.subarray(this.#next - this.#start, this.#next - this.#start + this.#hop);
    const at = this.#hops === 0 ? 0 : this.#bestNear(this.#ideal() - this.#start, goesOn);
    const belongs = this.#held.subarray(at, at + this.#hop);
    this.#hops += 1;
    this.#next = this.#start + at + this.#hop;
    const fade = this.#fade;
    const out = new Float32Array(this.#hop);
    for (let i = 0; i < out.length; i++) {
      const gone = goesOn[i] as number;
      out[i] = gone + (fade[i] as number) * ((belongs[i] as number) - gone);
    }
    return out;
  }

  /** Where around `ideal` the input is most like `wanted`. */
  #bestNear(ideal: number, wanted: Float32Array): number {
    const around = (center: number, reach: number, step: number): number => {
      let best = center;
      let most = Number.NEGATIVE_INFINITY;
      const last = center + reach;
      for (let at = Math.max(0, center - reach); at <= last; at += step) {
        const likeness = likenessOf(this.#held, at, wanted, step);
        if (likeness <= most) continue;
        most = likeness;
        best = at;
      }
      return best;
    };
    const near = around(ideal, this.#search - COARSE, COARSE);
    return around(near, COARSE - 1, 1);
  }
}

/** How alike two stretches of sound are, whatever their levels. @param step looks at every so manyth sample */
function likenessOf(samples: Float32Array, from: number, wanted: Float32Array, step: number): number {
  let product = 0;
  let energy = 1e-9;
  for (let i = 0; i < wanted.length; i += step) {
    const sample = samples[from + i] as number;
    product += sample * (wanted[i] as number);
    energy += sample * sample;
  }
  return product / Math.sqrt(energy);
}
