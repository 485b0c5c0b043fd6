import type { SpeakingStyle } from "../core/text/speaking-style.ts";
import type { VoiceConfig } from "./voice-config.ts";

/** A voice as it says a stretch of text in a manner; `extra.whisper` is for engines that can. */
export function inStyle(voice: VoiceConfig, manner: SpeakingStyle): VoiceConfig {
  const { whisper, effects = [], rate = 1, pitch = 0 } = manner;
  if (!whisper && effects.length === 0 && rate === 1 && pitch === 0) return voice;
  const all = new Set([voice.extra.effects ?? [], effects].flat());
  return {
    ...voice,
    speed: Math.min(4, Math.max(0.25, voice.speed * rate)),
    pitch: Math.min(24, Math.max(-24, voice.pitch + pitch)),
    extra: {
      ...voice.extra,
      ...(whisper ? { whisper } : {}),
      ...(effects.length > 0 ? { effects: [...all] } : {}),
    },
  };
}
