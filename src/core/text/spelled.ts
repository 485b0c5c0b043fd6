import { composed, type Piece } from "./piece.ts";
import { type Speakable, speakableOf } from "./speakable.ts";

/** The same, letter by letter and digit by digit: `AB 12` is said `A B 1 2`. */
export function spelled(shown: string, spoken: Speakable): Speakable {
  const letters: Piece[] = [];
  let last = "";
  let at = 0;
  for (const char of spoken.text) {
    const isSpelled = /[\p{L}\p{N}]/u.test(char);
    const gap = isSpelled && /\S$/u.test(last) ? " " : "";
    last = isSpelled ? char.toUpperCase() : char;
    letters.push({ from: at, to: at + char.length, said: gap + last });
    at += char.length;
  }
  return speakableOf(shown, composed(shown, spoken.pieces, letters));
}
