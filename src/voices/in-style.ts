import type { SpeakingStyle } from "../core/text/speaking-style.ts";
import type { VoiceConfig } from "./voice-config.ts";

/** A voice as it says a stretch of text in a style; `extra.whisper` is for engines that can. */
export function inStyle(given: VoiceConfig, style: SpeakingStyle): VoiceConfig {
  const { whisper, effects = [], rate = 1, pitch = 0, language } = style;
  const voice = language === undefined ? given : inLanguage(given, language);
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

/** Like the voice, but in another language: an id that names a language names that one, and keeps its variant. */
function inLanguage(voice: VoiceConfig, language: string): VoiceConfig {
  const [, own = "", variant = ""] = /^([a-z]{2,3})(?:[-_][^+]*)?(\+.+)?$/i.exec(voice.voiceId) ?? [];
  const isLanguage =
    own !== "" &&
    (voice.language === "auto" ? own.length === 2 : own.toLowerCase() === voice.language.split("-", 1)[0]);
  return { ...voice, language, voiceId: isLanguage ? `${language}${variant}` : voice.voiceId };
}
