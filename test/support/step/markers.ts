/**
 * A sound that tells what became of it: a tone without end, in which every click is heard, and in it a short
 * rise in pitch every quarter of a second, which can be placed to a fraction of a sample.
 * @module
 */

/** Hz */
export const MARKER_RATE = 24_000;
export const MARK_EVERY_MS = 250;
/** Of a mark, from its beginning. */
export const MARK_SAMPLES: number = MARKER_RATE / 200;
const MARK_EVERY = (MARKER_RATE * MARK_EVERY_MS) / 1000;
const TONE_HZ = 440;
/** What the tone leaves of itself that is not tone, where it clicks. */
const CLICK = 0.004;
/** What a device that skips frames does to the sound around. */
const SLIP_SAMPLES = 512;
/** Of a mark this much is left, whatever a codec does to it. */
const LEAST_LIKENESS = 0.25;

const MARK: Float32Array = Float32Array.from({ length: MARK_SAMPLES }, (_, i) => {
  const t = i / MARKER_RATE;
  const seconds = MARK_SAMPLES / MARKER_RATE;
  const phase = 2 * Math.PI * (1000 * t + (6000 * t * t) / (2 * seconds));
  return Math.sin(phase) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / MARK_SAMPLES));
});

/** So many seconds of it. */
export function markedSound(seconds: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: Math.round(seconds * MARKER_RATE) }, (_, i) => {
    const tone = 0.2 * Math.sin((2 * Math.PI * TONE_HZ * i) / MARKER_RATE) * Math.min(1, i / 240);
    return tone + 0.5 * (MARK[i % MARK_EVERY] ?? 0);
  });
}

/** Where a mark begins, to a fraction of a sample, looked for within `reach` samples of `near`; undefined: not there. */
export function findMark(sound: Float32Array, near: number, reach: number): number | undefined {
  const likeness = (at: number): number => {
    let sum = 0;
    for (let i = 0; i < MARK_SAMPLES; i++) sum += (sound[at + i] ?? 0) * (MARK[i] as number);
    return sum;
  };
  let best = Math.round(near);
  let most = Number.NEGATIVE_INFINITY;
  for (let at = Math.max(1, Math.round(near - reach)); at <= near + reach; at++) {
    const like = likeness(at);
    if (like > most) [most, best] = [like, at];
  }
  if (most < LEAST_LIKENESS * 0.5 * MARK.reduce((sum, sample) => sum + sample * sample, 0)) return undefined;
  const [before, after] = [likeness(best - 1), likeness(best + 1)];
  return best + (0.5 * (before - after)) / (before - 2 * most + after);
}

/** Clicks in the tone between two places, apart from the marks, whose beginnings are given, and the device's own slips. */
export function countClicks(
  sound: Float32Array,
  from: number,
  to: number,
  marks: readonly number[],
  slips: readonly number[] = [],
): number {
  const cosine = 2 * Math.cos((2 * Math.PI * TONE_HZ) / MARKER_RATE);
  const isInMark = (at: number): boolean =>
    marks.some((mark) => at > mark - 24 && at < mark + MARK_SAMPLES + 24) ||
    slips.some((slip) => Math.abs(at - slip) < SLIP_SAMPLES);
  let clicks = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = Math.max(2, Math.round(from)); at < to; at++) {
    const [x, x1, x2] = [sound[at] ?? 0, sound[at - 1] ?? 0, sound[at - 2] ?? 0];
    if (Math.abs(x - cosine * x1 + x2) < CLICK || isInMark(at)) continue;
    if (at - last > 240) clicks += 1;
    last = at;
  }
  return clicks;
}
