import { engineNamed } from "../../voices/engine-names.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import type { TTSEngine } from "./engine.ts";

/** An id that names a language as eSpeak's do: `it`, `en-gb+m3`. Three letters would be a name as well. */
const LANGUAGE_ID = /^([a-z]{2})(?=$|[-+])/i;

/** The language of a voice whose language is guessed from what it says. */
export const GUESSED = "auto";

/** Two names of one language. */
const SAME: ReadonlyMap<string, string> = new Map([
  ["cmn", "zh"],
  ["nb", "no"],
  ["iw", "he"],
]);

/** The language of what a voice says, without its region: `it` for `it-IT`, and for the bare voice id `it`. */
export function spokenLanguage({ voiceId, language }: VoiceConfig): string {
  return (LANGUAGE_ID.exec(voiceId)?.[1] ?? primary(language)).toLowerCase();
}

/** The language of what a voice says, with its region where it has one: `en-gb` for `en-gb+m3`. */
export function spokenTag(voice: VoiceConfig): string {
  const language = spokenLanguage(voice);
  if (language === GUESSED) return "en";
  return primary(voice.language) === language ? voice.language : language;
}

/** Engines that speak a language; one that does not say which it speaks is asked only where none does. */
export function speakersOf<E extends TTSEngine>(engines: readonly E[], language: string): E[] {
  const wanted = SAME.get(primary(language)) ?? primary(language);
  return engines.filter((engine) =>
    engine
      .supportedLanguages()
      .some((each) => each === "*" || (SAME.get(primary(each)) ?? primary(each)) === wanted),
  );
}

/**
 * Engines that speak the voice's language before those that would read it out as if it were another one;
 * otherwise in the order given. The engine that the voice itself names stays where it is.
 */
export function bySpokenLanguage<E extends TTSEngine>(engines: readonly E[], voice: VoiceConfig): E[] {
  const language = spokenLanguage(voice);
  const own = engineNamed(
    voice.extra.engine,
    engines.map(({ name }) => name),
  );
  const speaks = (engine: TTSEngine): boolean =>
    engine.name === own ||
    engine.supportedLanguages().some((each) => each === "*" || primary(each) === language);
  return [...engines.filter(speaks), ...engines.filter((engine) => !speaks(engine))];
}

function primary(tag: string): string {
  return tag.split("-", 1)[0]?.toLowerCase() ?? "";
}
