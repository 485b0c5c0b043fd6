import type { SpeechFallbackMessage } from "../../core/protocol/v2.ts";
import type { LineFrame } from "../session/table-events.ts";
import type { Coding } from "./utterance-decoder.ts";

/** A frame of an utterance and, once decoded, its sound. Positions are samples in the utterance. */
export interface AudioPart {
  kind: "audio";
  frame: LineFrame;
  coding: Coding;
  pts: number;
  length: number;
  /** Samples missing before it. */
  gap: number;
  begins: boolean;
  samples?: Float32Array<ArrayBuffer>;
  concealment?: Float32Array<ArrayBuffer> | undefined;
}

/** A sentence that the browser has to read out, or to show for as long as reading takes. */
export interface ReadPart {
  kind: "read";
  sentence: number;
  mode: SpeechFallbackMessage["mode"];
  pts: number;
  begins: true;
}

export type PlaybackPart = AudioPart | ReadPart;
