import { stableChoice } from "../../core/stable-choice.ts";
import { genderOf } from "../../voices/voice-gender.ts";
import type { EngineVoice } from "../contract/engine-voice.ts";
import type { StandIns } from "./net/stand-in-voices.ts";

/** Kokoro's voices tell their language by the first letter, and the gender by the second: `af_heart`, `bm_george`. */
const KOKORO = /^([a-z])([fm])_\w+$/;
const KOKORO_LANGUAGES: Readonly<Record<string, string>> = {
  a: "en",
  b: "en",
  e: "es",
  f: "fr",
  h: "hi",
  i: "it",
  j: "ja",
  p: "pt",
  z: "zh",
};

/**
 * The stand-in for another engine's voice, always the same for the same id: a woman's for a woman, a man's for a man.
 * Undefined where the id tells neither, or there is nobody left.
 * @param isKnown whether the service has it, as far as one knows
 */
export function standInFor(
  voiceId: string,
  standIns: StandIns,
  isKnown: (name: string) => boolean,
): string | undefined {
  const gender = genderOf(voiceId);
  return gender && stableChoice(voiceId.toLowerCase(), standIns[gender].filter(isKnown));
}

/** Those of a server's voices that are Kokoro's and speak a language. @param language BCP 47 */
export function kokoroStandIns(names: readonly string[], language: string): StandIns {
  const own = names.flatMap((name) => {
    const [, letter = "", gender] = KOKORO.exec(name) ?? [];
    return KOKORO_LANGUAGES[letter] === language.split("-")[0] ? [{ name, gender }] : [];
  });
  const those = (wanted: string): string[] =>
    own.flatMap(({ name, gender }) => (gender === wanted ? [name] : []));
  return { female: those("f"), male: those("m") };
}

/** A server's voices as they are listed: of Kokoro's the names tell their language. */
export function listedByName(names: readonly string[]): EngineVoice[] {
  return names.map((id) => {
    const language = KOKORO_LANGUAGES[KOKORO.exec(id)?.[1] ?? ""] ?? "*";
    const gender = genderOf(id);
    return { id, languages: [language], ...(gender ? { gender } : {}) };
  });
}
