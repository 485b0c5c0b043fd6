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
 * The first tag that would be read aloud, or that names a voice nobody has, or a sound that is not there.
 * @param isKnown whether somebody of that name has a voice
 * @param sounds names of sounds; undefined: not known
 */
export function doubtIn(
  text: string,
  isKnown: (name: string) => boolean,
  sounds?: readonly string[],
): Doubt | undefined {
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
    if (token.type === "sound" && sounds && !sounds.some((name) => keyOf(name) === keyOf(token.name))) {
      const [near = "dice"] = nearest(token.name, sounds);
      return {
        tag,
        words: `No sound is called ${token.name}: it would be passed over.`,
        instead: `[sound ${near}]`,
      };
    }
    const voice = token.type === "open" ? token.style.voice : undefined;
    if (voice !== undefined && !isKnown(voice))
      return { tag, words: `Nobody called ${voice} has spoken yet; a voice is chosen for the name.` };
  }
  return undefined;
}

function keyOf(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function nearest(name: string, names: readonly string[]): string[] {
  return [...names].sort((a, b) => editDistance(name, a) - editDistance(name, b));
}

/** The tag that is nearest to one that is none. */
function meant(tag: string): string | undefined {
  const [, word = "", argument = ""] = /^\[\/?\s*(\w+)\s*([^\]]*)\]$/u.exec(tag) ?? [];
  if (/^effects?$/iu.test(word) && !tag.startsWith("[/")) {
    const [near] = nearest(argument, EFFECTS);
    return near && `[effect ${near}]`;
  }
  if (/^pause$/iu.test(word)) {
    const number = /\d+(?:\.\d+)?/u.exec(argument)?.[0];
    return number === undefined ? "[pause 500ms]" : `[pause ${number}${Number(number) < 20 ? "s" : "ms"}]`;
  }
  return undefined;
}
