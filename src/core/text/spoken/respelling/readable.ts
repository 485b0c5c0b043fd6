import type { Piece } from "../../piece.ts";
import { respelled, type Speller } from "./respell.ts";

const WORD = /\p{L}[\p{L}\p{M}]*/gu;
/** Two capitals with a vowel that Flite would read as a word; not those that are one. */
const LETTERS =
  /^(?!AM|AN|AS|AT|AH|BE|BY|DO|GO|HA|HE|HI|HO|IF|IN|IS|IT|ME|MY|NO|OF|OH|ON|OR|OX|SO|TO|UP|US|WE|YE|YO)(?:[EIOU][A-Z]|[B-Z][AEIOU])$/;
/** Flite takes these for the short names of states: `Me.` is Maine to it, `Hi.` Hawaii. */
const LIKE_A_STATE = /^(?!Mr|Ms|Dr|St|Mt|Jr|Sr)[A-Z][a-z]$/;

/** A stretch of an English text in pieces that the engine reads as words: names are respelled, the rest stays. */
export function readablePieces(text: string, from: number, to: number, speller: Speller): Piece[] {
  const pieces: Piece[] = [];
  let done = from;
  const stretch = text.slice(from, to);
  for (const { 0: word, index } of stretch.matchAll(WORD)) {
    const at = from + index;
    if (at > 0 && /\p{N}/u.test(text.charAt(at - 1))) continue;
    const said = readable(word, text.slice(at + word.length, at + word.length + 2), speller);
    if (said === undefined) continue;
    if (at > done) pieces.push({ from: done, to: at, said: text.slice(done, at) });
    pieces.push({ from: at, to: at + word.length, said });
    done = at + word.length;
  }
  if (done < to) pieces.push({ from: done, to, said: text.slice(done, to) });
  return pieces;
}

function readable(word: string, after: string, speller: Speller): string | undefined {
  if (speller === "flite" && word.length === 2) {
    if (LETTERS.test(word)) return `${word.charAt(0)} ${word.charAt(1)}`;
    if (LIKE_A_STATE.test(word) && /^\.(?![\p{L}\p{N}])/u.test(after)) return word.toLowerCase();
  }
  const plain = word.normalize("NFD").replace(/\p{M}/gu, "");
  const said = respelled(plain, speller);
  return said;
}
