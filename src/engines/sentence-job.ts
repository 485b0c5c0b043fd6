/**
 * One sentence on its way from text to what is sent: the order, and what comes back. The same union is
 * yielded by an engine's thread, carried by the pool's ports, and read by the stage.
 * @module
 */
import type { WordTime } from "../core/audio.ts";
import type { VoiceConfig } from "../voices/voice-config.ts";
import type { TTSEngine } from "./engine.ts";

/** A form of audio that some listener's wire needs. Each is made once, however many listen. */
export type Encoding = "dm20";

/** One sentence to speak; plain data, so that it can cross threads. */
export interface SentenceJob {
  text: string;
  voice: VoiceConfig;
  /** Encodings to make; each yields its own `audio` events. */
  encodings: readonly Encoding[];
  /** Bytes of a dm20 clip in one chunk, before base64. */
  chunkBytes: number;
}

/** What speaking a sentence yields, in order; `end` is last and comes exactly once unless it throws. */
export type SentenceEvent =
  /** Still at it: samples synthesised so far. At least one a PCM piece, so that silence means a hang. */
  | { type: "progress"; samples: number }
  /** Word times, as soon as known. */
  | { type: "words"; words: readonly WordTime[] }
  /** Messages ready to be sent as they are, in order. A dm20 clip comes whole, in one event. */
  | { type: "audio"; encoding: Encoding; messages: readonly string[] }
  | { type: "end"; samples: number; sampleRate: number; durationMs: number };

/** An engine that also encodes where it synthesises, so that the calling thread only forwards messages. */
export interface SpeakingEngine extends TTSEngine {
  /** @throws BardcastError `engine-failed`, `engine-silent`, `engine-hung`, `worker-lost`, `cancelled` */
  speak(job: SentenceJob, options?: { signal?: AbortSignal }): AsyncIterable<SentenceEvent>;
}

/** Whether an engine encodes by itself. */
export function isSpeakingEngine(engine: TTSEngine): engine is SpeakingEngine {
  return "speak" in engine && typeof engine.speak === "function";
}
