import type { Piece } from "../piece.ts";

/** Letters and digits in fancy dress: of mathematics, of full width, in circles, joined, lowered, with marks of their own. */
const DRESSED =
  /[\u{1d400}-\u{1d7ff}\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ufb00-\ufb06\u2080-\u208e\u2100-\u211f\u2123-\u214f\u2460-\u24e9]+|(?:\p{L}|\p{N})?[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/gu;
/** A quick look, unit by unit. */
const SUSPECT =
  /[\u0300-\u036f]|[\u1ab0-\u1aff\u1dc0-\u1dff]|[\u20d0-\u20ff]|[\u2080-\u208e\u2100-\u2121\u2123-\u214f\u2460-\u24e9\ufb00-\ufb06\uff10-\uff5a\ud835]|[\ufe20-\ufe2f]/;
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/gu;

/**
 * Letters as engines know them: `𝐁𝐨𝐥𝐝` is Bold, `ﬁsh` fish, `①` 1. Marks that make a letter with the one before them do so,
 * all others are for the eye.
 */
export function plainLetters(text: string): Piece[] {
  if (!SUSPECT.test(text)) return [];
  return Array.from(text.matchAll(DRESSED), ({ 0: dressed, index }) => ({
    from: index,
    to: index + dressed.length,
    said: dressed.normalize("NFKC").replace(MARKS, ""),
  })).filter(({ from, to, said }) => said !== text.slice(from, to));
}
