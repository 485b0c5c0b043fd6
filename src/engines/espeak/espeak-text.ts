import type { WordTime } from "../../core/dsp/audio.ts";

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

/** Takes the meaning out of everything in the text that eSpeak would not read out. */
export function escapeText(text: string): EspeakText {
  const origins: number[] = [];
  let ssml = "";
  let at = 0;
  for (const char of text) {
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
