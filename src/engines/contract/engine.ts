import type { PcmPiece } from "../../core/dsp/audio.ts";
import type { Speller } from "../../core/text/spoken/respelling/respell.ts";
import type { IpaStretch } from "../../core/text/spoken/spoken-text.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { EngineVoice } from "./engine-voice.ts";
import type { Prosody } from "./prosody.ts";

/** What an engine can do, by its own word. */
export interface EngineCapabilities {
  /** Yields its first piece before the sentence is finished. */
  streaming: boolean;
  /** Yields the times of words. */
  wordTimes: boolean;
  /** `heavy`: wants a neural accelerator to keep up with speech; `light` (the default) runs anywhere. */
  weight?: "light" | "heavy";
  /** Easily understood, but it does not sound like a person: where quality counts it comes after the others. */
  robotic?: boolean;
  /** Which of the voice's speed and pitch it applies by itself; the audio chain does the rest. */
  prosody?: Prosody;
  /** It says words that it cannot pronounce letter by letter, as this engine does: names are respelled for it. */
  spells?: Speller;
  /** It takes phonetic letters, `SynthesizeOptions.ipa`. */
  ipa?: boolean;
  /** Hz of what `synthesize` yields, where it is always the same. */
  sampleRate?: number;
  /** It speaks through a network service: while that is out of order, no line waits for it. */
  network?: boolean;
  /** Sentences it may be asked for at once, by all threads together; default any number. */
  maxConcurrent?: number;
}

export interface SynthesizeOptions {
  signal?: AbortSignal;
  /** Nobody hears any of it before the last piece is there: what an engine does for an early start can be left out. */
  whole?: boolean;
  /** ms of sound that listeners still have: so long an engine may take before they wait for it. Default 0. */
  aheadMs?: number;
  /** Stretches of the text that are said as phonetic letters have it, in order. */
  ipa?: readonly IpaStretch[];
  /**
   * Nobody waits for it: where it would keep anything else waiting, it is not begun, or given up, with `busy`. Whoever
   * runs engines for others sees to that; an engine may pass it over.
   */
  makesWay?: boolean;
}

/**
 * Turns one sentence and a voice into speech. Any object of this shape is an engine; it may run in a worker
 * or on the calling thread and must not care which.
 */
export interface TTSEngine {
  /** What routers, voices (`engine: espeak`) and reports call it. */
  readonly name: string;
  readonly capabilities: EngineCapabilities;
  /** Whoever runs it gives it up where it hangs, and knows when it only waits for its turn; by default the router does. */
  readonly isSupervised?: boolean;
  /** BCP 47 tags, lower-cased; `["*"]` for "ask the engine". */
  supportedLanguages(): readonly string[];
  /** Its voices, as far as it can list them once it is warm, for people to choose from. */
  listVoices?(): readonly EngineVoice[];
  /** Whether it can speak here: its package, model, key or server is there. Never throws. */
  isAvailable(): Promise<boolean>;
  /** Loads what the first sentence would otherwise wait for. Calling it again is cheap. */
  warmup(): Promise<void>;
  /**
   * Begins to load what its first sentence in a voice would wait for, and does not wait for that itself. Only where nothing
   * else is kept waiting by it; else it does nothing.
   */
  load?(voice: VoiceConfig): Promise<void>;
  /**
   * Finds out, at little cost, whether it speaks again after it failed; nobody hears it. Where there is none,
   * a few words are synthesised.
   * @throws BardcastError whatever keeps it from speaking
   */
  probe?(options?: SynthesizeOptions): Promise<void>;
  /** Frees what it holds; it may be warmed up again. */
  shutdown(): Promise<void>;
  /**
   * Speaks one sentence: pieces in order, nothing kept back for longer than needed. An aborted `signal` ends
   * it as soon as possible.
   * @throws BardcastError or whatever the engine throws; the router tries the next engine.
   */
  synthesize(text: string, voice: VoiceConfig, options?: SynthesizeOptions): AsyncIterable<PcmPiece>;
}
