/** A quick test, unit by unit, for characters that may begin something that is not said. */
const SUSPECT =
  /\u034f|\u17b4|\u17b5|[\u180b-\u180f]|\u20e3|[\ufe00-\ufe0f]|[\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\u231a-\u2bff\u3030\u303d\u3164\u3297\u3299\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\ud800-\udfff]/;

/**
 * Soft hyphens, zero-width characters, joiners, marks of direction, selectors of variants, what stands for broken
 * characters or is none, lines, boxes, ornaments and emoji. Signs that read as text (©, ™, arrows) are said.
 */
const UNSAID =
  /(?:\p{Default_Ignorable_Code_Point}|\p{Cs}|\p{Co}|\p{Cn}|[\ufff9-\ufffd]|\u20e3|\p{Emoji_Modifier}|\p{Regional_Indicator}|(?![♭-♯])[\u2500-\u27bf]|(?![©®‼⁉™\u2139↔-↪])\p{Extended_Pictographic})+/gu;

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

/** What is said of a text. */
export function withoutUnsaid(text: string): string {
  let heard = "";
  splitUnsaid(
    text,
    (part) => {
      heard += part;
    },
    () => undefined,
  );
  return heard;
}
