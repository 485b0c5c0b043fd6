/** What a filter of second order multiplies its last samples with; `a0` is 1. */
export interface BiquadCoefficients {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/** A filter of second order, transposed direct form II. */
export class Biquad {
  readonly #c: BiquadCoefficients;
  #z1 = 0;
  #z2 = 0;

  constructor(coefficients: BiquadCoefficients) {
    this.#c = coefficients;
  }

  /** The next sample. */
  next(x: number): number {
    const { b0, b1, b2, a1, a2 } = this.#c;
    const y = b0 * x + this.#z1;
    this.#z1 = b1 * x - a1 * y + this.#z2;
    this.#z2 = b2 * x - a2 * y;
    return y;
  }

  /** The next samples, in place. */
  run(samples: Float64Array): void {
    const { b0, b1, b2, a1, a2 } = this.#c;
    let z1 = this.#z1;
    let z2 = this.#z2;
    for (let i = 0; i < samples.length; i++) {
      const x = samples[i] as number;
      const y = b0 * x + z1;
      z1 = b1 * x - a1 * y + z2;
      z2 = b2 * x - a2 * y;
      samples[i] = y;
    }
    this.#z1 = z1;
    this.#z2 = z2;
  }
}

/** How a filter of the cookbook is tuned. */
export interface Tuning {
  /** Hz */
  sampleRate: number;
  /** Hz */
  frequency: number;
  /** Default 0.7071: no peak. */
  q?: number;
}

/** Lets pass what is below. (R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filters") */
export function lowPass(tuning: Tuning): BiquadCoefficients {
  const { cos, alpha } = angles(tuning);
  return normalized([(1 - cos) / 2, 1 - cos, (1 - cos) / 2], [1 + alpha, -2 * cos, 1 - alpha]);
}

/** Lets pass what is above; source as `lowPass`. */
export function highPass(tuning: Tuning): BiquadCoefficients {
  const { cos, alpha } = angles(tuning);
  return normalized([(1 + cos) / 2, -(1 + cos), (1 + cos) / 2], [1 + alpha, -2 * cos, 1 - alpha]);
}

/** Raises or lowers what is around the frequency; source as `lowPass`. */
export function peaking(tuning: Tuning, gainDb: number): BiquadCoefficients {
  const { cos, alpha } = angles(tuning);
  const a = 10 ** (gainDb / 40);
  return normalized([1 + alpha * a, -2 * cos, 1 - alpha * a], [1 + alpha / a, -2 * cos, 1 - alpha / a]);
}

/** Raises or lowers what is below the frequency; source as `lowPass`. */
export function lowShelf(tuning: Tuning, gainDb: number): BiquadCoefficients {
  const { cos, alpha } = angles(tuning);
  const a = 10 ** (gainDb / 40);
  const slope = 2 * Math.sqrt(a) * alpha;
  return normalized(
    [
      a * (a + 1 - (a - 1) * cos + slope),
      2 * a * (a - 1 - (a + 1) * cos),
      a * (a + 1 - (a - 1) * cos - slope),
    ],
    [a + 1 + (a - 1) * cos + slope, -2 * (a - 1 + (a + 1) * cos), a + 1 + (a - 1) * cos - slope],
  );
}

function angles({ sampleRate, frequency, q = Math.SQRT1_2 }: Tuning): { cos: number; alpha: number } {
  const omega = (2 * Math.PI * frequency) / sampleRate;
  return { cos: Math.cos(omega), alpha: Math.sin(omega) / (2 * q) };
}

type Three = readonly [number, number, number];

function normalized([b0, b1, b2]: Three, [a0, a1, a2]: Three): BiquadCoefficients {
  return { b0: b0 / a0, b1: b1 / a0, b2: b2 / a0, a1: a1 / a0, a2: a2 / a0 };
}
