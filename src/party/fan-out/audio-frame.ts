import { type Codec, V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import { type Encoding, type FrameEncoding, isFrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { BufferItem } from "./broadcast-buffer.ts";

/** One sentence for dm20 listeners. */
export interface AudioClip extends BufferItem {
  /** From 0, counted over the sentences that have sound. */
  sentence: number;
  /** Where in all the clips of the utterance it begins. */
  fromMs: number;
  durationMs: number;
  /** In order; shared by all listeners, copied by none. */
  messages: readonly string[];
}

/** A stretch of an utterance for v2 listeners; its index in the buffer is its sequence. */
export interface AudioFrame extends BufferItem {
  sentence: number;
  sequence: number;
  /** Where it begins in the utterance, and how long it is: samples at 24 kHz. */
  ptsSamples: number;
  samples: number;
  /** The whole message by encoding; shared by all listeners, copied by none. */
  messages: ReadonlyMap<FrameEncoding, Uint8Array<ArrayBuffer>>;
}

/** Whether one of the encodings is that codec, whatever its quality. */
export function isMadeIn(encodings: readonly Encoding[], codec: Codec): boolean {
  return encodings.some((made) => isFrameEncoding(made) && (made === "pcm16") === (codec === "pcm16"));
}

/** How long a frame sounds. */
export function msOf({ samples }: AudioFrame): number {
  return (samples * 1000) / V2_SAMPLE_RATE;
}

/** Where in the utterance a frame begins, ms. */
export function placeOf({ ptsSamples }: AudioFrame): number {
  return (ptsSamples * 1000) / V2_SAMPLE_RATE;
}
