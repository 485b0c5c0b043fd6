/** What an echo says of one way: on which side of `offset` the remote clock's offset was at a local time. */
export interface Bound {
  /** ms on the local clock. */
  at: number;
  offset: number;
}

/** 1: the edge that no point is below; −1: the one that none is above. */
export type Side = 1 | -1;

/** The share of the points that tells how close they lie at the edge; spikes are beyond it. */
const NEAR_SHARE = 0.25;
/** Points that are looked at for it. */
const NEAR_POINTS = 128;
/** ms between neighbours at an edge, at least: no timer resolves less. */
const FINEST_MS = 1e-4;

/** One edge of a cloud of points: the offset without what queues on the way added to it. */
export class Edge {
  readonly #side: Side;
  readonly #pivot: number;
  readonly #corners: readonly Bound[];
  /** ms from the pivot to the mean time of the points. */
  readonly #lever: number;
  /** ms of offset between neighbours near the edge: how far the true edge may lie beyond the outermost. */
  readonly spacing: number;

  /**
   * @param points in the order of time, at least one
   * @param pivot the time at which offsets are told
   * @param slope about the one of the edge
   */
  constructor(points: readonly Bound[], side: Side, pivot: number, slope: number) {
    this.#side = side;
    this.#pivot = pivot;
    this.#corners = corners(points, side);
    this.#lever = points.reduce((sum, { at }) => sum + at - pivot, 0) / points.length;
    this.spacing = this.#spacing(points, slope);
  }

  /** Where a line of that slope touches the points. */
  touch(slope: number): number {
    let outermost = Infinity;
    for (const point of this.#corners) outermost = Math.min(outermost, this.#height(point, slope));
    return this.#side * outermost;
  }

  /** Where the true edge is to be expected: beyond the outermost point, by as much as neighbours lie apart. */
  border(slope: number): number {
    return this.touch(slope) - this.#side * this.spacing;
  }

  /** The log likelihood of a slope up to a constant, where what queues add is distributed exponentially. */
  likelihood(slope: number): number {
    return (this.#side * (this.touch(slope) + slope * this.#lever)) / this.spacing;
  }

  #height({ at, offset }: Bound, slope: number): number {
    return this.#side * (offset - slope * (at - this.#pivot));
  }

  #spacing(points: readonly Bound[], slope: number): number {
    const step = Math.ceil(points.length / NEAR_POINTS);
    const heights = new Float64Array(Math.ceil(points.length / step));
    for (let nth = 0; nth < heights.length; nth++) {
      const point = points[nth * step];
      if (point) heights[nth] = this.#height(point, slope);
    }
    const nth = Math.ceil(heights.length * NEAR_SHARE);
    const reach = heights.sort()[Math.min(nth, heights.length - 1)] ?? 0;
    return Math.max(FINEST_MS, (reach - this.#side * this.touch(slope)) / (nth * step));
  }
}

/** The corners of the convex hull on one side (A. M. Andrew, 1979). */
function corners(points: readonly Bound[], side: Side): Bound[] {
  const hull: Bound[] = [];
  for (const point of points) {
    while (isPassed(hull[hull.length - 2], hull[hull.length - 1], point, side)) hull.pop();
    hull.push(point);
  }
  return hull;
}

/** Whether the line from `a` to `c` runs outside of `b`. */
function isPassed(a: Bound | undefined, b: Bound | undefined, c: Bound, side: Side): boolean {
  if (!a || !b) return false;
  return side * ((b.at - a.at) * (c.offset - a.offset) - (b.offset - a.offset) * (c.at - a.at)) <= 0;
}
