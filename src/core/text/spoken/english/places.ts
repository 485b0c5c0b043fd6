import { COIN_SIGNS } from "./money.ts";
import { isShortForm } from "./names.ts";
import { FRACTION } from "./numbers.ts";
import { isTableShortForm } from "./table-talk.ts";

/** What a character may begin. */
const NOTHING = 0;
const ALWAYS = 1;
const CAPITAL = 2;
const POINT = 3;
/** With what follows it. */
const PAIR = 4;
/** Small letters that are Roman numerals where they are a word of their own. */
const NUMERAL = 5;

const ASCII = new Uint8Array(128);
for (const char of "0123456789$#@&=<>%~+*") ASCII[char.charCodeAt(0)] = ALWAYS;
for (let code = 65; code <= 90; code++) ASCII[code] = CAPITAL;
ASCII[46] = POINT;
for (const char of "ilc") ASCII[char.charCodeAt(0)] = NUMERAL;
for (const char of "-/(hwvx") ASCII[char.charCodeAt(0)] = PAIR;
/** The first characters of pairs, sticky patterns for what they may begin. */
const PAIRS: Readonly<Record<string, RegExp>> = {
  "-": /-[\d\s.½MTWFS]/y,
  "/": /\/[+−\p{L}\d\s-]/uy,
  "(": /\(\d/y,
  h: /https?:/y,
  w: /www\./y,
  v: /vs |v(?!\p{L})|(?<=[ –-])vi{1,3}(?!\p{L})/uy,
  x: /x ?\d|(?<=[ –-])x[ivxlc]{0,7}(?!\p{L})/uy,
};
const BEYOND: ReadonlySet<number> = new Set(
  Array.from(`${FRACTION}${COIN_SIGNS}¢°−×÷≈≠≥≤±§√–²³→⇒¶№‰♭♯`, (char) => char.charCodeAt(0)),
);
const ABILITY = /(?:Str|Dex|Con|Int|Wis|Cha):? [scmr\d+−-]/y;
const SMALL_NUMERAL = /[ivxlc]{1,8}(?![\p{L}\p{N}'’])/uy;
/** `World War I ended` */
const FIRST = /[A-Za-z]{2} I $/;

/**
 * The next place where something may be written that is said otherwise: a number whole, a sign, capitals that are no word's first
 * letter, the point of a short form, the beginning of an address. One look at each character of prose.
 * @returns −1 where there is none
 */
export function findPlace(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 128) {
      if (BEYOND.has(code)) return at;
      continue;
    }
    const kind = ASCII[code];
    if (kind === NOTHING) continue;
    if (
      kind === ALWAYS ||
      (kind === CAPITAL && isPlace(text, at)) ||
      (kind === POINT && isShort(text, at)) ||
      (kind === PAIR && isPair(text, at)) ||
      (kind === NUMERAL && isNumeral(text, at))
    )
      return at;
  }
  return -1;
}

/** A capital behind which no small letter follows; of `I` and `A`, which are words, not every one. */
function isPlace(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  if (next >= 97 && next <= 122) {
    ABILITY.lastIndex = at;
    const behind = text.charCodeAt(at + 3);
    return (behind === 32 || behind === 58) && ABILITY.test(text);
  }
  const char = text.charAt(at);
  const isCapitalBehind = next >= 65 && next <= 90;
  if (char === "A" || isCapitalBehind) return isCapitalBehind || (next >= 48 && next <= 57);
  // `I'm`, `I will`, but `Act I.` and `World War I began`.
  if (char === "I")
    return next === 32 ? FIRST.test(text.slice(Math.max(0, at - 3), at + 2)) : next !== 39 && next !== 0x2019;
  return true;
}

/** The point behind a short form, or before a decimal. */
function isShort(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  if (next >= 48 && next <= 57) return true;
  let from = at;
  while (from > 0 && at - from < 7 && isLetterOrPoint(text.charCodeAt(from - 1))) from -= 1;
  if (at === from || at - from > 6) return false;
  const word = text.slice(from, at);
  return isShortForm(word) || isTableShortForm(word);
}

function isLetterOrPoint(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 46;
}

function isNumeral(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  if (before !== 32 && before !== 45 && before !== 0x2013) return false;
  SMALL_NUMERAL.lastIndex = at;
  return SMALL_NUMERAL.test(text);
}

function isPair(text: string, at: number): boolean {
  const pair = PAIRS[text.charAt(at)];
  if (!pair) return false;
  pair.lastIndex = at;
  return pair.test(text);
}
