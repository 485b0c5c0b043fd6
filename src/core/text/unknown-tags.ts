import { EFFECTS } from "../dsp/effects/names.ts";
import { bracketToken } from "./bracket-token.ts";

/** What looks like a tag: it begins with the word of one, or closes something. */
const TAG_LIKE = /\[(?:\/\s*\w+|(?:pause|whisper|voice|effects?|sounds?(?! +of\b))\b[^[\]\n]*)\]/giu;

/** What in a text looks like a tag, in its order, whether it is one or not. */
export function tagsLike(text: string): string[] {
  return [...text.matchAll(TAG_LIKE)].map(([tag]) => tag);
}

/** What looks like a tag of markup, and is none: it is read aloud, and its writer meant something else. */
export function unknownTags(text: string): string[] {
  return [...new Set(tagsLike(text).filter((tag) => bracketToken(tag) === undefined))];
}

/** What such a tag may have meant, in a sentence. */
export function tagAdvice(tag: string): string {
  if (/^\[effect/iu.test(tag)) return `effects are ${EFFECTS.join(", ")}`;
  if (/^\[pause/iu.test(tag)) return "a pause is written [pause 500ms] or [pause 2s]";
  return "there is [pause 500ms], [sound name], [whisper], [voice name] and [effect cave], and [/whisper], [/voice], [/effect]";
}
