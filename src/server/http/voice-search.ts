import { languageName } from "../../core/language-name.ts";
import type { VoiceQuery } from "../../core/protocol/voice-queries.ts";
import type { FoundVoice, VoiceSearch } from "../../core/protocol/voices-api.ts";
import type { EngineVoice, VoiceVariant } from "../../engines/contract/engine-voice.ts";
import type { ListedVoices } from "../../engines/routing/engine-roster.ts";
import { voiceSample } from "./voice-sample.ts";

/** Voices of an answer. */
const MAX_FOUND = 50;
/** In place of a language: whatever it is given. */
const ANY = "*";

/** A voice, or somebody else that it can be. */
interface Person extends VoiceVariant {
  tokens: readonly string[];
}

/** Voices by engine, language, gender and words, those first whose engine is preferred; robots come last. */
export function searchVoices(listed: readonly ListedVoices[], query: VoiceQuery): VoiceSearch {
  const nameOf = languageNames();
  const wanted = tokensOf(query.find);
  // Voices of one engine share their variants.
  const known = new Map<EngineVoice["variants"], readonly Person[]>();
  const voices: FoundVoice[] = [];
  let count = 0;
  for (const { engine, voice } of inOrder(listed)) {
    if (!isAsked(engine, voice, query)) continue;
    const { id, languages, gender, variants } = voice;
    const own = [engine, id, ...languages.flatMap((tag) => [tag, nameOf(tag)])].flatMap(tokensOf);
    const missing = wanted.filter((word) => !begins(word, own));
    const others = known.get(variants) ?? (variants ?? []).map(asPerson);
    known.set(variants, others);
    for (const person of [asPerson({ suffix: "", ...(gender ? { gender } : {}) }), ...others]) {
      if (query.gender !== undefined && query.gender !== person.gender) continue;
      if (!missing.every((word) => begins(word, person.tokens))) continue;
      count += 1;
      if (voices.length < MAX_FOUND) voices.push(found(engine, voice, person, query.language));
    }
  }
  const tags = listed.flatMap((each) => each.voices.flatMap(({ languages }) => languages));
  const languages = [...new Set(tags.map(primary))].filter((tag) => tag !== ANY);
  return {
    voices,
    count,
    engines: listed.map(({ engine }) => engine),
    unlisted: listed.filter((each) => each.voices.length === 0).map(({ engine }) => engine),
    languages: languages
      .map((tag) => ({ tag, name: nameOf(tag) }))
      .sort((one, other) => one.name.localeCompare(other.name, "en")),
  };
}

function inOrder(listed: readonly ListedVoices[]): { engine: string; voice: EngineVoice }[] {
  const engines = [...listed].sort((one, other) => Number(one.robotic) - Number(other.robotic));
  return engines.flatMap(({ engine, voices }) => voices.map((voice) => ({ engine, voice })));
}

function isAsked(engine: string, { languages }: EngineVoice, query: VoiceQuery): boolean {
  const { language } = query;
  const speaks = (tag: string): boolean => tag === ANY || tag === language || tag.startsWith(`${language}-`);
  return (
    (query.engine === undefined || query.engine === engine) &&
    (language === undefined || languages.some(speaks))
  );
}

function asPerson(variant: VoiceVariant): Person {
  return { ...variant, tokens: tokensOf(`${variant.suffix} ${variant.gender ?? ""}`) };
}

function begins(word: string, tokens: readonly string[]): boolean {
  return tokens.some((token) => token.startsWith(word));
}

function tokensOf(words: string): string[] {
  return words.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** One that says anything, or several languages, is heard in the one that is looked for. */
function found(
  engine: string,
  { id, languages: [first = ANY] }: EngineVoice,
  { suffix, gender }: Person,
  wanted: string | undefined,
): FoundVoice {
  const voiceId = `${id}${suffix}`;
  const own = first === ANY ? "en" : first;
  const language = wanted === undefined || primary(own) === primary(wanted) ? own : wanted;
  const { text } = voiceSample(voiceId, language);
  return { voiceId, engine, language, ...(gender ? { gender } : {}), sample: text };
}

function primary(tag: string): string {
  return tag.split("-", 1)[0] ?? "";
}

/** Each language is named once. */
function languageNames(): (tag: string) => string {
  const known = new Map<string, string>();
  return (tag) => {
    const name = known.get(tag) ?? languageName(tag);
    known.set(tag, name);
    return name;
  };
}
