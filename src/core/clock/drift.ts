/** An offset that changes steadily, as far as it is known: a line, and the covariance of its two numbers. */
export interface Drift {
  /** The local time, in ms, at which the offset and its variances are told. */
  at: number;
  /** ms from the local clock to the remote one. */
  offset: number;
  /** ms of offset a ms. */
  slope: number;
  offsetVariance: number;
  slopeVariance: number;
  covariance: number;
}

/**
 * Two estimates further apart than this (a squared Mahalanobis distance) are not of the same thing. Edges err
 * with longer tails than the normal distribution, which would ask for 9.
 */
const AGREEMENT = 16;

/** The offset at a local time. */
export function offsetAt({ at, offset, slope }: Drift, localMs: number): number {
  return offset + slope * (localMs - at);
}

/** The standard deviation, in ms, of the offset at a local time. */
export function deviationAt(drift: Drift, localMs: number): number {
  const age = localMs - drift.at;
  const variance = drift.offsetVariance + 2 * age * drift.covariance + age * age * drift.slopeVariance;
  return Math.sqrt(Math.max(0, variance));
}

/** The first estimate, made better by a second one at the same time (R. E. Kalman, 1960) where they agree. */
export function fuse(first: Drift, second: Drift): Drift {
  const [p, q, r] = [first.offsetVariance, first.covariance, first.slopeVariance];
  const [a, b, c] = [p + second.offsetVariance, q + second.covariance, r + second.slopeVariance];
  const determinant = a * c - b * b;
  if (!(determinant > 0)) return first;
  const offset = second.offset - first.offset;
  const slope = second.slope - first.slope;
  // The difference, in units of its covariance.
  const u = (c * offset - b * slope) / determinant;
  const v = (a * slope - b * offset) / determinant;
  if (offset * u + slope * v > AGREEMENT) return first;
  const reduce = (x1: number, x2: number, y1: number, y2: number): number =>
    (x1 * (c * y1 - b * y2) + x2 * (a * y2 - b * y1)) / determinant;
  return {
    at: first.at,
    offset: first.offset + p * u + q * v,
    slope: first.slope + q * u + r * v,
    offsetVariance: p - reduce(p, q, p, q),
    covariance: q - reduce(p, q, q, r),
    slopeVariance: r - reduce(q, r, q, r),
  };
}
