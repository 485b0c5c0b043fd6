import type { WordTime } from "../../core/dsp/audio.ts";
import type { IpaStretch } from "../../core/text/spoken/spoken-text.ts";
import { espeakPhonemes } from "./espeak-phonemes.ts";

/** What eSpeak reports while it speaks; of the types only `word` and `end` (of a clause) matter here. */
export interface EspeakEvent {
  type: string;
  /** Where it stands in the text that eSpeak was given: code points, from 1. */
  text_position: number;
  /** ms from the start */
  audio_position: number;
}

/** A text as eSpeak must get it to read it out as it stands. */
export interface EspeakText {
  ssml: string;
  /** For every code point of `ssml`, where it comes from in the text: UTF-16 units. */
  origins: readonly number[];
}

/** What eSpeak would take for SSML, for an entity, or (`[[`) for the names of phonemes. */
const ESCAPED: Readonly<Record<string, string>> = { "<": "&lt;", "&": "&amp;", "[": "(" };

/** Control characters, which command eSpeak, and halves of surrogate pairs. */
const UNSPEAKABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * Takes the meaning out of everything in the text that eSpeak would not read out.
 * @param ipa stretches that are said by phonetic letters, in order
 * @param language of the voice, BCP 47
 */
export function escapeText(text: string, ipa: readonly IpaStretch[] = [], language = "en"): EspeakText {
  const origins: number[] = [];
  let ssml = "";
  let at = 0;
  const stretches = ipa[Symbol.iterator]();
  let stretch = stretches.next().value;
  for (const char of text) {
    if (stretch && at === stretch[0]) {
      const phonemes = `[[${espeakPhonemes(stretch[2], language)}]]`;
      ssml += phonemes;
      for (const _ of phonemes) origins.push(at);
    }
    const isSaid = stretch !== undefined && at >= stretch[0];
    at += isSaid ? char.length : 0;
    if (stretch && at >= stretch[0] + stretch[1]) stretch = stretches.next().value;
    if (isSaid) continue;
    const escaped = UNSPEAKABLE.test(char) ? " " : (ESCAPED[char] ?? char);
    ssml += escaped;
    for (const _ of escaped) origins.push(at);
    at += char.length;
  }
  return { ssml, origins };
}

/**
 * The times of the words of `text`. eSpeak reports the syllables of a number, the words of an emoji and the
 * names of punctuation; all that fall on one word of the text count as that word.
 */
export function wordTimes(
  text: string,
  origins: readonly number[],
  events: readonly EspeakEvent[],
): WordTime[] {
  const segments = new Intl.Segmenter("en", { granularity: "word" }).segment(text);
  const times: [charStart: number, charLength: number, startMs: number, endMs: number][] = [];
  let open = false;
  for (const { type, text_position: position, audio_position: ms } of events) {
    if (type !== "word" && type !== "end") continue;
    const last = times.at(-1);
    if (last && open) last[3] = ms;
    open = type === "word" || open;
    if (type === "end") {
      open = false;
      continue;
    }
    const found = segments.containing(origins[position - 1] ?? text.length);
    const spoken = found && found.segment.trim() !== "" && (!last || found.index > last[0]);
    if (spoken) times.push([found.index, found.segment.length, ms, ms]);
  }
  return times;
}
