import { effectsOf } from "../../core/dsp/effects/names.ts";
import type { VoiceLevel } from "../../core/dsp/leveller.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";

/** Voices of which it is known how loud they are; who was not heard for longest is forgotten. */
const MAX_VOICES = 512;
/** ms for which what is known of an engine counts when one of its voices is new. */
const ENGINE_MS = 300;

/** Names of a voice at its engine, and of all voices there that are changed as it is. */
interface Keys {
  voice: string;
  engine: string;
}

/** How loud the voices of all engines were, each with its own speed, pitch and effects. */
export class VoiceLevels {
  readonly #voices = new Map<string, VoiceLevel>();
  readonly #engines = new Map<string, VoiceLevel>();
  /** One voice says many sentences. */
  readonly #keys = new WeakMap<VoiceConfig, Keys>();

  /** The level to expect of a voice: its own if it has spoken before, else that of its engine's voices. */
  of(engine: string, voice: VoiceConfig): VoiceLevel | undefined {
    const keys = this.#keysOf(voice);
    const own = this.#voices.get(engine + keys.voice);
    if (own) return own;
    const engines = this.#engines.get(engine + keys.engine);
    return engines && { lufs: engines.lufs, ms: Math.min(engines.ms, ENGINE_MS) };
  }

  /** @param options.isKept it was heard some time ago, and counts only where nothing newer is known */
  remember(
    engine: string,
    voice: VoiceConfig,
    level: VoiceLevel,
    { isKept = false }: { isKept?: boolean } = {},
  ): void {
    const keys = this.#keysOf(voice);
    if (isKept && this.#voices.has(engine + keys.voice)) return;
    keep(this.#voices, engine + keys.voice, level);
    keep(this.#engines, engine + keys.engine, level);
  }

  #keysOf(voice: VoiceConfig): Keys {
    const known = this.#keys.get(voice);
    if (known) return known;
    const { voiceId, language, speed, pitch, extra } = voice;
    const keys = {
      voice: ["", voiceId, language, speed, pitch, ...Object.entries(extra)].join("\n"),
      // Effects and whispering change the level more than voices do.
      engine: ["", extra.whisper === true, ...effectsOf(extra)].join("\n"),
    };
    this.#keys.set(voice, keys);
    return keys;
  }
}

function keep(levels: Map<string, VoiceLevel>, key: string, level: VoiceLevel): void {
  levels.delete(key);
  levels.set(key, level);
  if (levels.size > MAX_VOICES) for (const oldest of levels.keys()) return void levels.delete(oldest);
}
