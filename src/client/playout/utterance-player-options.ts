import type { AudioSink } from "../output/audio-sink.ts";
import type { ReadAloud } from "../output/browser-voice.ts";
import type { HeardReport } from "../session/heard-outbox.ts";
import type { CreateOpusDecoder } from "./opus.ts";
import type { TextPlace } from "./sentence-times.ts";

export interface UtterancePlayerOptions {
  /** Where lines go by while nothing can be heard. */
  silence: AudioSink;
  /** Sound that may be waiting or sounding; beyond it frames are let go, and their holes concealed. */
  maxQueuedMs: number;
  createOpus: CreateOpusDecoder;
  readAloud: ReadAloud;
  /** A clock in ms. */
  now: () => number;
  /** How loud it is to be: 0…1, 0 while muted. */
  volume: () => number;
  onHeard: (report: HeardReport) => void;
  onDropped: (line: string, reason: "full" | "undecodable") => void;
}

/** A place in a line. */
export type LinePlace = { line: string } & Partial<TextPlace>;
