import type { WordTime } from "../dsp/audio.ts";
import { TAG_NAMES } from "./markup-token.ts";
import { isSpeakable } from "./sentences.ts";

/** What is said of a sentence that is shown. */
export interface Speakable {
  /** Without markdown and stage directions; empty where nothing is to be said. */
  text: string;
  /** The times of its words, placed in the sentence as it is shown. */
  inCaption(words: readonly WordTime[]): WordTime[];
}

/** `[label](address)`: the label is said. */
const LINK = /!?\[([^\]]*)\]\([^)\s]*\)/gu;
/** Marks around emphasis, code and struck text, and before headings, quotes and items of a list. */
const MARKS =
  /^\s*(?:#{1,6}\s+|>\s*|[-*+]\s+|\d{1,3}[.)]\s+(?=\p{L}))|(?<![\p{L}\p{N}])[*_~]{1,3}(?=[\p{L}\p{N}"“'‘(¿¡])|(?<=[\p{L}\p{N}"”'’).,;:!?…])[*_~]{1,3}(?![\p{L}\p{N}])|`+/gmu;
/** In brackets where a sentence begins or has ended, and no small letter goes on: `(whispering) Come closer.` */
const BRACKETED =
  /(?<=^\s*|[.!?…"”]\s*)[*_]{0,2}[([][^()[\]]*[)\]][*_]{0,2}(?=\s*(?:$|[\p{Lu}\p{N}"“'‘*¿¡]))/gu;
/** In asterisks, beginning small: `*sighs* I told you.` Emphasis goes on in small letters or begins with a capital. */
const ASTERISKED = /(?<=^\s*|[.!?…"”]\s+)\*(?=\p{Ll})[^*]+\*(?=\s*(?:$|[\p{Lu}"“'‘¿¡]))/gu;

/**
 * What was meant as markup, but is none that is known, is said, so that nobody misses it: `[/shout]`,
 * `[pause 5min]`, and one word that touches what follows, `[shout]Run!`
 */
const TAG_LIKE = new RegExp(`^\\[(?:/|(?:${TAG_NAMES.join("|")}) +[^\\s\\]]+\\]|[^\\s\\]]+\\]\\S)`, "iu");

/** Stands for a character that is taken out, so that the others stay where they stand; of private use. */
const TAKEN_OUT = "\uE000";

/** What is to be said of `sentence`: markdown and stage directions are for the eye. */
export function speakable(sentence: string): Speakable {
  const takeOut = (found: string): string => TAKEN_OUT.repeat(found.length);
  const spoken = sentence
    .replace(LINK, (found, label: string) => {
      const at = found.indexOf("[") + 1;
      return takeOut(found.slice(0, at)) + label + takeOut(found.slice(at + label.length));
    })
    .replace(BRACKETED, (found, at: number, all: string) =>
      TAG_LIKE.test(all.slice(at)) ? found : takeOut(found),
    )
    .replace(ASTERISKED, takeOut)
    .replace(MARKS, takeOut);
  return isSpeakable(spoken.replaceAll(TAKEN_OUT, "")) ? folded(spoken) : { text: "", inCaption: () => [] };
}

/** White space folded, so that what was taken out leaves no gap that an engine takes for a pause. */
function folded(spoken: string): Speakable {
  const origins: number[] = [];
  let text = "";
  for (let at = 0; at < spoken.length; at++) {
    const unit = spoken.charAt(at);
    const isGap = /\s/u.test(unit);
    if (unit === TAKEN_OUT || (isGap && (text === "" || text.endsWith(" ")))) continue;
    text += isGap ? " " : unit;
    origins.push(at);
  }
  const originOf = (at: number): number => origins[at] ?? spoken.length;
  return {
    text: text.trimEnd(),
    inCaption: (words) =>
      words.map(([start, length, startMs, endMs]) => {
        const from = originOf(start);
        return [from, length > 0 ? originOf(start + length - 1) + 1 - from : 0, startMs, endMs];
      }),
  };
}
