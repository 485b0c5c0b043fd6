import { type Drift, fuse } from "./drift.ts";
import { type Bound, Edge, type Side } from "./edge.ts";

/** No two working clocks drift apart faster (ms a ms). */
const STEEPEST = 400e-6;
/** What is known of a drift beforehand, in ms a ms: it is distributed normally. */
export interface DriftPrior {
  slope: number;
  deviation: number;
}

/** Of two ordinary clocks. */
export const USUAL_DRIFT: DriftPrior = { slope: 0, deviation: 40e-6 };
const ANY_DRIFT: DriftPrior = { slope: 0, deviation: STEEPEST };
const SEARCH_STEPS = 24;
const SLOPES = 24;
/** How much less likely, in logarithms, a slope may be and still be looked at. */
const NEGLIGIBLE = 8;
const FIRST_REACH = 1e-8;

/** The offset between two clocks, and the ms of it that no echo excludes. */
export interface BoundFit extends Drift {
  gap: number;
}

/**
 * The offset between two clocks from bounds of it, which queues loosen: upper ones from the way there, lower
 * ones from the way back, both in the order of time, at least one of each. Believes the inner edges of both,
 * each with its own best echoes (V. Paxson, 1998; S. B. Moon et al., 1999), and as far as they agree with
 * those, the outer ones: jitter with a limit has a longest delay as well as a shortest.
 *
 * @param slope about the one to be found, in ms a ms
 */
export function fitBounds(
  there: readonly Bound[],
  back: readonly Bound[],
  slope: number,
  prior: DriftPrior,
): BoundFit {
  const pivot = ((there[0]?.at ?? 0) + (back.at(-1)?.at ?? 0)) / 2;
  const edges = (side: Side): Edges => [
    new Edge(there, side, pivot, slope),
    new Edge(back, side === 1 ? -1 : 1, pivot, slope),
  ];
  const inner = edges(1);
  const drift = fuse(middle(inner, pivot, prior), middle(edges(-1), pivot, ANY_DRIFT));
  return { ...drift, gap: inner[0].touch(drift.slope) - inner[1].touch(drift.slope) };
}

type Edges = readonly [Edge, Edge];

/** The mean and covariance of the line between two edges, over all slopes that may be. */
function middle([above, below]: Edges, pivot: number, prior: DriftPrior): Drift {
  const score = (slope: number): number =>
    above.likelihood(slope) + below.likelihood(slope) - ((slope - prior.slope) / prior.deviation) ** 2 / 2;
  const centre = (slope: number): number => (above.border(slope) + below.border(slope)) / 2;
  const best = highest(score);
  const top = score(best);
  const from = best - reach((by) => score(best - by) > top - NEGLIGIBLE);
  const to = best + reach((by) => score(best + by) > top - NEGLIGIBLE);
  const around = centre(best);
  const sums = { weight: 0, slope: 0, offset: 0, slope2: 0, offset2: 0, product: 0 };
  const slopes = Array.from({ length: SLOPES }, (_, at) => from + ((to - from) * (at + 0.5)) / SLOPES - best);
  const scores = slopes.map((slope) => score(best + slope));
  // A peak may be sharper than the search for it: where all messages but a few take equally long.
  const peak = Math.max(...scores);
  for (const [at, slope] of slopes.entries()) {
    const weight = Math.exp((scores[at] ?? 0) - peak);
    const offset = centre(best + slope) - around;
    sums.weight += weight;
    sums.slope += weight * slope;
    sums.offset += weight * offset;
    sums.slope2 += weight * slope * slope;
    sums.offset2 += weight * offset * offset;
    sums.product += weight * slope * offset;
  }
  const slope = sums.slope / sums.weight;
  const offset = sums.offset / sums.weight;
  return {
    at: pivot,
    offset: around + offset,
    slope: best + slope,
    offsetVariance: sums.offset2 / sums.weight - offset ** 2 + (above.spacing ** 2 + below.spacing ** 2) / 4,
    slopeVariance: sums.slope2 / sums.weight - slope ** 2,
    covariance: sums.product / sums.weight - slope * offset,
  };
}

/** The slope with the highest score, which has one peak: it is concave. */
function highest(score: (slope: number) => number): number {
  let [low, high] = [-STEEPEST, STEEPEST];
  for (let step = 0; step < SEARCH_STEPS; step++) {
    const third = (high - low) / 3;
    if (score(low + third) < score(high - third)) low += third;
    else high -= third;
  }
  return (low + high) / 2;
}

/** The first of growing distances that is not within. */
function reach(isWithin: (by: number) => boolean): number {
  let by = FIRST_REACH;
  while (by < STEEPEST && isWithin(by)) by *= 1.5;
  return by;
}
