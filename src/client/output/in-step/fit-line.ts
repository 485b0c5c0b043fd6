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

/** How fast one clock runs beside another, ms a ms, as far as that is known before. */
export interface UsualSlope {
  slope: number;
  /** By how much it is wrong, as a rule. */
  deviation: number;
}

/** Clocks of devices run this much faster or slower than each other. */
const USUAL: UsualSlope = { slope: 0, deviation: 1e-4 };
/** Fewer points say nothing about drift. */
const LEAST_POINTS = 8;
const LEAST_VARIANCE = 0.01;

/** The line through points (ridge regression: it is as steep as usual, until the points say otherwise). */
export function fitLine(points: readonly Point[], usual: UsualSlope = USUAL): LinearFit {
  const at = mean(points.map((point) => point.at));
  const offsets = points.map((point) => point.offset - usual.slope * (point.at - at));
  if (points.length < LEAST_POINTS) {
    offsets.sort((a, b) => a - b);
    const inner = offsets.slice((offsets.length - 1) >> 1, (offsets.length >> 1) + 1);
    return { at, offset: mean(inner), slope: usual.slope };
  }
  const offset = mean(offsets);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [index, point] of points.entries()) {
    const x = point.at - at;
    const y = (offsets[index] as number) - offset;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  const variance = Math.max(LEAST_VARIANCE, (yy - (xy * xy) / xx) / points.length);
  return { at, offset, slope: usual.slope + xy / (xx + (2 * variance) / usual.deviation ** 2) };
}

/** Where the line lies at that time. */
export function offsetOn({ at, offset, slope }: LinearFit, time: number): number {
  return offset + slope * (time - at);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 ? upper : (upper + (sorted[half - 1] ?? upper)) / 2;
}
