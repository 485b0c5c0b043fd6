/**
 * One sentence on its way from text to what is sent: the order, and the events that answer it. The same events are
 * yielded where the engine runs, carried by the pool's ports, and read by whoever speaks the utterance.
 * @module
 */
import type { WordTime } from "../../core/dsp/audio.ts";
import type { VoiceLevel } from "../../core/dsp/leveller.ts";
import type { IpaStretch } from "../../core/text/spoken/spoken-text.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { TTSEngine } from "./engine.ts";

/** A form of the v2 wire's audio; `opus-low` is for listeners who cannot keep up with `opus`. */
export type FrameEncoding = "pcm16" | "opus" | "opus-low";
/** A form of audio that some listener's wire needs. Each is made once, however many listen. */
export type Encoding = "dm20" | FrameEncoding;

/** bit/s */
export type OpusBitrates = Readonly<Record<Exclude<FrameEncoding, "pcm16">, number>>;

/** One sentence to speak; plain data, so that it can cross threads. */
export interface SentenceJob {
  /** Empty where there is nothing but the pause. */
  text: string;
  /** Stretches of the text that an engine which takes phonetic letters says so. */
  ipa?: readonly IpaStretch[];
  voice: VoiceConfig;
  /** Encodings to make. */
  encodings: readonly Encoding[];
  /** Bytes of a dm20 clip in one chunk, before base64. */
  chunkBytes: number;
  bitrates: OpusBitrates;
  /** ms of sound that the listeners still have ahead: the more, the larger frames may be. */
  aheadMs: number;
  /** How loud this engine's voice was before, where that is known: so loud it is expected to be. */
  level?: VoiceLevel;
  /** ms of silence before the first sample; default 0. */
  pauseMs?: number;
  /** dB, 0 or less, by which it is softer than it was made; default 0. */
  gainDb?: number;
}

/** A stretch of a sentence, in every v2 encoding that was ordered. */
export interface SentenceFrame {
  /** The sentence's first. */
  begins: boolean;
  /** The sentence's last. */
  ends: boolean;
  /** Packets of 20 ms. */
  packets: number;
  /** Samples at 24 kHz that are heard of it. */
  samples: number;
  /** The frame's message, its first 16 bytes left free for the header. */
  bytes: ReadonlyMap<FrameEncoding, Uint8Array<ArrayBuffer>>;
}

/** What speaking a sentence yields, in order; `end` is last and comes exactly once unless it throws. */
export type SentenceEvent =
  /** Still at it: samples synthesised so far. At least one a PCM piece, so that silence means a hang. */
  | { type: "progress"; samples: number }
  /**
   * Word times, as soon as known, from where speech begins, the pause being over; `estimated` where they are a
   * guess from the length of the words.
   */
  | { type: "words"; words: readonly WordTime[]; estimated: boolean }
  | { type: "frame"; frame: SentenceFrame }
  /** A dm20 clip, whole: messages ready to be sent as they are, in order. */
  | { type: "clip"; messages: readonly string[]; durationMs: number }
  /**
   * `level`: how loud the voice is, with this sentence; for the job that has it speak the next time. None of silence.
   * `isKept`: it was said before, and no engine was asked.
   */
  | {
      type: "end";
      samples: number;
      sampleRate: number;
      durationMs: number;
      level?: VoiceLevel;
      isKept?: true;
    };

/** An engine that also encodes where it synthesises, so that the calling thread only forwards messages. */
export interface SpeakingEngine extends TTSEngine {
  /** @throws BardcastError `engine-failed`, `engine-silent`, `engine-hung`, `worker-lost`, `cancelled` */
  speak(job: SentenceJob, options?: { signal?: AbortSignal }): AsyncIterable<SentenceEvent>;
}

/** Whether an engine encodes by itself. */
export function isSpeakingEngine(engine: TTSEngine): engine is SpeakingEngine {
  return "speak" in engine && typeof engine.speak === "function";
}

/** Whether an encoding is one of the v2 wire's. */
export function isFrameEncoding(encoding: Encoding): encoding is FrameEncoding {
  return encoding !== "dm20";
}
