import { type Codec, V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { BufferItem } from "./broadcast-buffer.ts";

/** One sentence for dm20 listeners. */
export interface AudioClip extends BufferItem {
  /** From 0, counted over the sentences that have sound. */
  sentence: number;
  /** Where in all the clips of the line it begins. */
  fromMs: number;
  durationMs: number;
  /** In order; shared by all listeners, copied by none. */
  messages: readonly string[];
}

/** A stretch of a line for v2 listeners; its index in the track is its sequence. */
export interface AudioFrame extends BufferItem {
  sentence: number;
  sequence: number;
  /** Where it begins in the line, and how long it is: samples at 24 kHz. */
  ptsSamples: number;
  samples: number;
  /** The whole message by encoding; shared by all listeners, copied by none. */
  messages: ReadonlyMap<FrameEncoding, Uint8Array<ArrayBuffer>>;
}

/** Whether there is a message of it in that codec, whatever its quality. */
export function isMadeIn({ messages }: AudioFrame, codec: Codec): boolean {
  return [...messages.keys()].some((made) => (made === "pcm16") === (codec === "pcm16"));
}

/** How long a frame sounds. */
export function msOf({ samples }: AudioFrame): number {
  return (samples * 1000) / V2_SAMPLE_RATE;
}

/** Where in the line a frame begins, ms. */
export function placeOf({ ptsSamples }: AudioFrame): number {
  return (ptsSamples * 1000) / V2_SAMPLE_RATE;
}
