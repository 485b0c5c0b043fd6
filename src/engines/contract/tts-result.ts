import type { ClipFormat, WordTime } from "../../core/dsp/audio.ts";

/** A finished piece of speech. */
export interface TTSResult {
  /** One playable file. */
  audio: Uint8Array<ArrayBuffer>;
  format: ClipFormat;
  /** Hz */
  sampleRate: number;
  durationMs: number;
  /** The engine that spoke. */
  engine: string;
  words: readonly WordTime[];
}
