import { SOUND_RATE } from "./sound-loop.ts";

/** Seconds of a portion, about. */
export const PORTION_SECONDS = 20;
/** ms beside a portion from which a resampler knows how to go on. */
export const BESIDE_MS = 50;

/** A stretch of a file that can be decoded by itself. Places are samples of the file at 24 kHz. */
export interface Portion {
  /** What of it is of use: what is before and behind is for the decoder. */
  from: number;
  to: number;
  /** Where what the decoder makes of it begins and ends. */
  begins: number;
  ends: number;
  /** A file of its own. */
  bytes: () => Uint8Array<ArrayBuffer>;
}

/** Where a sample of a file stands at 24 kHz. @param rate Hz of the file */
export function placeAt24(sample: number, rate: number): number {
  return Math.round((sample * SOUND_RATE) / rate);
}
