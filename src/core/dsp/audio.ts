/**
 * Audio as it moves through Bardcast: mono PCM in pieces, with the times of the words in it.
 * @module
 */

/** Containers a dm20 clip can have. */
export type ClipFormat = "wav" | "opus" | "mp3";

/** When one word is heard: where it stands in the text given (UTF-16 units) and when, in ms from the start. */
export type WordTime = readonly [charStart: number, charLength: number, startMs: number, endMs: number];

/** A stretch of mono speech. */
export interface PcmPiece {
  /** Samples in −1…1, none where only words came late. The receiver owns the buffer. */
  samples: Float32Array<ArrayBuffer>;
  /** Hz; the same for every piece of one sentence. */
  sampleRate: number;
  /** Words that became known with this piece; times count from the sentence's start. */
  words?: readonly WordTime[];
  /**
   * The MP3 it was decoded from, for listeners whose voice asks for it; the bytes of all pieces of a sentence,
   * end to end, are one stream.
   */
  mp3?: Uint8Array<ArrayBuffer>;
}

/** How long `samples` last at `sampleRate` Hz, in whole ms. */
export function durationMs(samples: number, sampleRate: number): number {
  return Math.round((samples * 1000) / sampleRate);
}
