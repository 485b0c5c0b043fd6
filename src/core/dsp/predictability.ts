/** Samples before each that are looked at; with itself a multiple of three. */
const ORDER = 8;

/** What a stretch of sound is like. */
export interface Likeness {
  /** How far from zero it is all in all. */
  mean: number;
  /** Root mean square of what is left without the mean. */
  rms: number;
  /**
   * How much of it nobody could have told from the samples before, 0…1: the residual of linear prediction (J. Makhoul,
   * "Linear Prediction: A Tutorial Review"). Of white noise all, of a hiss a half, of a vowel or a tone next to nothing.
   */
  surprise: number;
}

/** @param samples at least a hundred; fewer tell little */
export function likenessOf(samples: Float32Array): Likeness {
  const { length } = samples;
  let total = 0;
  for (let i = 0; i < length; i++) total += samples[i] as number;
  const mean = total / length;
  // Silence before it, so that every lag has something to multiply with.
  const centred = new Float64Array(ORDER + length);
  for (let i = 0; i < length; i++) centred[ORDER + i] = (samples[i] as number) - mean;
  const correlations = new Float64Array(ORDER + 1);
  // Three sums side by side: one alone waits for itself at each sample.
  for (let lag = 0; lag <= ORDER; lag += 3) {
    let a = 0;
    let b = 0;
    let c = 0;
    for (let i = ORDER; i < centred.length; i++) {
      const sample = centred[i] as number;
      a += sample * (centred[i - lag] as number);
      b += sample * (centred[i - lag - 1] as number);
      c += sample * (centred[i - lag - 2] as number);
    }
    correlations.set([a, b, c], lag);
  }
  const energy = correlations[0] as number;
  return {
    mean,
    rms: Math.sqrt(energy / length),
    surprise: energy > 0 ? residual(correlations) / energy : 0,
  };
}

/** The energy that prediction leaves, by the recursion of Levinson and Durbin. */
function residual(correlations: Float64Array): number {
  const at = (index: number): number => correlations[index] ?? 0;
  let weights: number[] = [];
  let error = at(0);
  for (let order = 1; order < correlations.length && error > 0; order++) {
    const unexplained = weights.reduce(
      (rest, weight, index) => rest - weight * at(order - 1 - index),
      at(order),
    );
    const reflection = unexplained / error;
    const before = weights;
    weights = [
      ...before.map((weight, index) => weight - reflection * (before.at(-1 - index) ?? 0)),
      reflection,
    ];
    error *= 1 - reflection * reflection;
  }
  return Math.max(0, error);
}
