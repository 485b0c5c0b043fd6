import { polyphase } from "./polyphase.ts";

/** Points between two samples, and at one: 4 times oversampling, as ITU-R BS.1770-4, annex 2, has it. */
const PHASES = 4;
/** Samples after a sample that its true peak depends on, and fewer before it. */
export const TRUE_PEAK_REACH = 6;
const TAPS = 2 * TRUE_PEAK_REACH;
const FILTER = polyphase(PHASES, TRUE_PEAK_REACH, 1);
/** The sound between samples is at most so many times as loud as they are. */
const MOST = Math.max(...Array.from({ length: PHASES }, (_, phase) => sumOf(phase)));

/**
 * How far the sound goes at each sample or before the next one, 0…: the peaks that a converter makes of samples which
 * stay under full scale themselves.
 * @param from the first sample to look at, at least `TRUE_PEAK_REACH`; the last ones are not looked at
 * @param least samples that cannot go so far are told as they are, which is much cheaper
 */
export function truePeaks(samples: Float32Array, from: number, least: number): Float32Array {
  const peaks = new Float32Array(Math.max(0, samples.length - TRUE_PEAK_REACH - from));
  let loudUntil = 0;
  for (let i = from - TRUE_PEAK_REACH; i < from + TRUE_PEAK_REACH && i < samples.length; i++) {
    if (Math.abs(samples[i] as number) * MOST > least) loudUntil = i + TRUE_PEAK_REACH;
  }
  for (let i = 0; i < peaks.length; i++) {
    const at = from + i;
    if (Math.abs(samples[at + TRUE_PEAK_REACH] as number) * MOST > least) loudUntil = at + TAPS;
    const peak = Math.abs(samples[at] as number);
    peaks[i] = at < loudUntil ? Math.max(peak, between(samples, at)) : peak;
  }
  return peaks;
}

/** The loudest point after a sample and before the next one. */
function between(samples: Float32Array, at: number): number {
  const first = at - TRUE_PEAK_REACH + 1;
  let most = 0;
  for (let phase = 1; phase < PHASES; phase++) {
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap++)
      sum += (samples[first + tap] as number) * (FILTER[phase * TAPS + tap] as number);
    most = Math.max(most, Math.abs(sum));
  }
  return most;
}

function sumOf(phase: number): number {
  return FILTER.subarray(phase * TAPS, (phase + 1) * TAPS).reduce((sum, tap) => sum + Math.abs(tap), 0);
}
