/** What may be in a text that is for the eye, or for nobody: a quick look, unit by unit. */
const SUSPECT =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u231a-\u2bff\u3030\u303d\u3164\u3297\u3299\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffd\ud83c-\ud83e\udb40]/;

/**
 * Soft hyphens, zero-width characters, joiners, marks of direction, selectors of variants, what stands for broken
 * characters, and emoji. Signs that read as text (©, ™, arrows) are said.
 */
const UNSAID =
  /(?:[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffd\u{e0000}-\u{e01ef}]|\p{Emoji_Modifier}|\p{Regional_Indicator}|(?![©®‼⁉™ℹ↔-↪])\p{Extended_Pictographic})+/gu;

/** Gives a stretch of text out in parts that are said and parts that are not. */
export function splitUnsaid(
  text: string,
  said: (part: string) => void,
  unsaid: (part: string) => void,
): void {
  if (!SUSPECT.test(text)) {
    said(text);
    return;
  }
  let from = 0;
  for (const { 0: found, index } of text.matchAll(UNSAID)) {
    if (index > from) said(text.slice(from, index));
    unsaid(found);
    from = index + found.length;
  }
  if (from < text.length) said(text.slice(from));
}
