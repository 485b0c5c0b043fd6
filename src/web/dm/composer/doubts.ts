import { EFFECTS } from "../../../core/dsp/effects/names.ts";
import { editDistance } from "../../../core/edit-distance.ts";
import { bracketToken } from "../../../core/text/bracket-token.ts";
import { tagsLike } from "../../../core/text/unknown-tags.ts";

/** Something in a line that is not what its writer takes it for. */
export interface Doubt {
  /** As it stands in the line. */
  tag: string;
  words: string;
  /** What may have been meant. */
  instead?: string;
}

/**
 * The first tag that would be read aloud, or that names a voice nobody has.
 * @param isKnown whether somebody of that name has a voice
 */
export function doubtIn(text: string, isKnown: (name: string) => boolean): Doubt | undefined {
  for (const tag of tagsLike(text)) {
    const token = bracketToken(tag);
    if (!token) {
      const instead = meant(tag);
      return {
        tag,
        words: `${tag} is not known and would be read aloud.`,
        ...(instead === undefined ? {} : { instead }),
      };
    }
    const voice = token.type === "open" ? token.style.voice : undefined;
    if (voice !== undefined && !isKnown(voice))
      return { tag, words: `Nobody called ${voice} has spoken yet; a voice is chosen for the name.` };
  }
  return undefined;
}

/** The tag that is nearest to one that is none. */
function meant(tag: string): string | undefined {
  const [, word = "", argument = ""] = /^\[\/?\s*(\w+)\s*([^\]]*)\]$/u.exec(tag) ?? [];
  if (/^effects?$/iu.test(word) && !tag.startsWith("[/")) {
    const near = [...EFFECTS].sort((a, b) => editDistance(argument, a) - editDistance(argument, b))[0];
    return near && `[effect ${near}]`;
  }
  if (/^pause$/iu.test(word)) {
    const number = /\d+(?:\.\d+)?/u.exec(argument)?.[0];
    return number === undefined ? "[pause 500ms]" : `[pause ${number}${Number(number) < 20 ? "s" : "ms"}]`;
  }
  return undefined;
}
