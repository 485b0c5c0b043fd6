/** By how much one clock is ahead of another at a time; ms. */
export interface Point {
  at: number;
  offset: number;
}

/** The same at every time. */
export interface LinearFit extends Point {
  /** ms a ms. */
  slope: number;
}

/** Clocks of devices run this much faster or slower than each other. */
const DRIFT = 1e-4;
/** Fewer points say nothing about drift. */
const LEAST_POINTS = 8;
const LEAST_VARIANCE = 0.01;

/** The line through points (ridge regression: drift is as likely as `DRIFT` is, until the points say otherwise). */
export function fitLine(points: readonly Point[]): LinearFit {
  const at = mean(points.map((point) => point.at));
  if (points.length < LEAST_POINTS) {
    const offsets = points.map((point) => point.offset).sort((a, b) => a - b);
    return {
      at,
      offset: mean(offsets.slice((offsets.length - 1) >> 1, (offsets.length >> 1) + 1)),
      slope: 0,
    };
  }
  const offset = mean(points.map((point) => point.offset));
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const point of points) {
    const x = point.at - at;
    const y = point.offset - offset;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  const variance = Math.max(LEAST_VARIANCE, (yy - (xy * xy) / xx) / points.length);
  return { at, offset, slope: xy / (xx + (2 * variance) / DRIFT ** 2) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
