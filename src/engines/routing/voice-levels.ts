import { effectsOf } from "../../core/dsp/effects/names.ts";
import type { VoiceLevel } from "../../core/dsp/leveller.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";

/** Voices of which it is known how loud they are; who was not heard for longest is forgotten. */
const MAX_VOICES = 512;
/** ms for which what is known of an engine counts when one of its voices is new. */
const ENGINE_MS = 300;

/** How loud the voices of all engines were, each with its own speed, pitch and effects. */
export class VoiceLevels {
  readonly #voices = new Map<string, VoiceLevel>();
  readonly #engines = new Map<string, VoiceLevel>();

  /** What is expected of a voice: what was heard of it, else of its engine. */
  of(engine: string, voice: VoiceConfig): VoiceLevel | undefined {
    const own = this.#voices.get(keyOf(engine, voice));
    const engines = this.#engines.get(engineKeyOf(engine, voice));
    return own ?? (engines && { lufs: engines.lufs, ms: Math.min(engines.ms, ENGINE_MS) });
  }

  /** @param options.isKept it was heard some time ago, and counts only where nothing newer is known */
  remember(
    engine: string,
    voice: VoiceConfig,
    level: VoiceLevel,
    { isKept = false }: { isKept?: boolean } = {},
  ): void {
    if (isKept && this.#voices.has(keyOf(engine, voice))) return;
    keep(this.#voices, keyOf(engine, voice), level);
    keep(this.#engines, engineKeyOf(engine, voice), level);
  }
}

function keep(levels: Map<string, VoiceLevel>, key: string, level: VoiceLevel): void {
  levels.delete(key);
  levels.set(key, level);
  if (levels.size > MAX_VOICES) for (const oldest of levels.keys()) return void levels.delete(oldest);
}

/** Effects and whispering change the level more than voices do. */
function engineKeyOf(engine: string, { extra }: VoiceConfig): string {
  return [engine, extra.whisper === true, ...effectsOf(extra)].join("\n");
}

function keyOf(engine: string, { voiceId, language, speed, pitch, extra }: VoiceConfig): string {
  return [engine, voiceId, language, speed, pitch, ...Object.entries(extra)].join("\n");
}
