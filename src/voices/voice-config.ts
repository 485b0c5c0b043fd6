import type { ClipFormat } from "../core/audio.ts";

/** How a speaker sounds. */
export interface VoiceConfig {
  /** The engine's own name for the voice, e.g. `en-us+f3`. */
  voiceId: string;
  /** BCP 47, lower-cased, e.g. `en-us`. */
  language: string;
  /** 1 = normal, 2 = twice as fast. */
  speed: number;
  /** Semitones, 0 = normal. */
  pitch: number;
  /** Container of dm20 clips. */
  outputFormat: ClipFormat;
  /** What only some engines or later stages understand: `engine`, `voice_design`, `effects`, … */
  extra: Readonly<Record<string, unknown>>;
}
