import type { SampleRing } from "./sample-ring.ts";

/** Samples that make one between two of them, and places between two for which they are known. */
const TAPS = 32;
const PHASES = 256;
const KAISER_BETA = 8;
/** A place so near to a sample is that sample. */
const EXACT = 1e-7;

/**
 * The sound at any place between samples: a sinc in a Kaiser window, right to −70 dB up to 0.83 of the
 * Nyquist frequency (J. O. Smith, "Digital Audio Resampling").
 */
export class Interpolator {
  readonly #filter: Float32Array = makeFilter();

  /** The sound in the ring at a position that need not be whole. */
  at(ring: SampleRing, position: number): number {
    const whole = Math.floor(position);
    const part = position - whole;
    if (part < EXACT) return ring.at(whole);
    if (part > 1 - EXACT) return ring.at(whole + 1);
    const phase = part * PHASES;
    const row = Math.floor(phase);
    const share = phase - row;
    const first = whole - TAPS / 2 + 1;
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++) {
      const low = this.#filter[row * TAPS + tap] as number;
      const high = this.#filter[(row + 1) * TAPS + tap] as number;
      sum += ring.at(first + tap) * (low + (high - low) * share);
    }
    return sum;
  }
}

/** A row of taps for each place; every row passes what does not change unchanged. */
function makeFilter(): Float32Array {
  const filter = new Float32Array((PHASES + 1) * TAPS);
  for (let phase = 0; phase <= PHASES; phase++) {
    const row = Array.from({ length: TAPS }, (_, tap) => {
      const x = tap - TAPS / 2 + 1 - phase / PHASES;
      return sinc(x) * kaiser(x / (TAPS / 2));
    });
    const sum = row.reduce((total, value) => total + value, 0);
    filter.set(
      row.map((value) => value / sum),
      phase * TAPS,
    );
  }
  return filter;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA);
}

function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
