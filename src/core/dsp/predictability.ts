/** Samples before each that are looked at. */
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
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / length;
  const correlations = Float64Array.from({ length: ORDER + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < length; i++)
      sum += ((samples[i] as number) - mean) * ((samples[i - lag] as number) - mean);
    return sum;
  });
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
