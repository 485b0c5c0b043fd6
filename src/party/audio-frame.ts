import { V2_SAMPLE_RATE } from "../core/v2.ts";
import type { FrameEncoding } from "../engines/sentence-job.ts";
import type { TrackItem } from "./track.ts";

/** One sentence for dm20 listeners. */
export interface SpokenClip extends TrackItem {
  /** From 0, counted over the sentences that have sound. */
  sentence: number;
  /** Where in all the clips of the line it begins. */
  fromMs: number;
  durationMs: number;
  /** In order; shared by all listeners, copied by none. */
  messages: readonly string[];
}

/** A stretch of a line for v2 listeners; its index in the track is its sequence. */
export interface SpokenFrame extends TrackItem {
  sentence: number;
  sequence: number;
  /** Where it begins in the line, and how long it is: samples at 24 kHz. */
  ptsSamples: number;
  samples: number;
  /** The whole message by encoding; shared by all listeners, copied by none. */
  messages: ReadonlyMap<FrameEncoding, Uint8Array<ArrayBuffer>>;
}

/** How long a frame sounds. */
export function msOf({ samples }: SpokenFrame): number {
  return (samples * 1000) / V2_SAMPLE_RATE;
}

/** Where in the line a frame begins, ms. */
export function placeOf({ ptsSamples }: SpokenFrame): number {
  return (ptsSamples * 1000) / V2_SAMPLE_RATE;
}
