import { toCardinal, toOrdinal } from "n2words/en-US";

/** A number with or without commas, as a pattern's source: at most 18 digits. */
export const NUMBER = "(?:\\d{1,3}(?:,\\d{3}){1,5}(?!\\d)|\\d{1,18}(?!\\d))";
/** A number as most of Europe writes it, with a comma before its decimals: `1.234,56`. */
export const WITH_COMMA = "\\d{1,3}(?:\\.\\d{3}){1,5},\\d{1,9}(?!\\d)";
/** A number with decimals, or without. */
export const DECIMAL: string = `(?:${WITH_COMMA}|${NUMBER}(?:\\.\\d{1,9}(?!\\d))?)`;
/** What stands between the ends of a range. */
export const TO = "\\s?(?:[–—−‑-]|to)\\s?";

/** `1,250.5` in words. */
export function decimal(text: string): string {
  const isEuropean = /\..*,/.test(text);
  const [whole = "", part] = (isEuropean ? inEnglish(text) : text.replaceAll(",", "")).split(".");
  return `${cardinal(whole)}${part === undefined ? "" : ` point ${digits(part)}`}`;
}

/** The same number as it is written in English. */
export function inEnglish(withComma: string): string {
  return withComma.replaceAll(".", "").replace(",", ".");
}

/** Between the ends of a range: `between 5–10` is between five and ten. */
export function toWord(before: string): string {
  return /(?:^|[^\p{L}])[Bb]etween $/u.test(before) ? "and" : "to";
}

/** A whole number in words; one that begins with a zero digit by digit. */
export function cardinal(text: string | number): string {
  const plain = String(text).replaceAll(",", "");
  if (/^0\d/.test(plain)) return digits(plain);
  return toCardinal(plain).replaceAll("-", " ");
}

export function ordinal(number: string | number): string {
  const plain = String(number).replaceAll(",", "");
  return Number(plain) === 0 ? "zeroth" : toOrdinal(plain).replaceAll("-", " ");
}

/** Digit by digit. */
export function digits(text: string): string {
  return Array.from(text.replace(/\D/g, ""), (digit) => toCardinal(digit)).join(" ");
}

/** A year of four digits: `1066` is ten sixty six, `1905` nineteen oh five, `2024` twenty twenty four. */
export function year(text: string): string {
  const number = Number(text);
  const [hundreds, rest] = [Math.floor(number / 100), number % 100];
  if (text.length !== 4 || number % 1000 < 10) return cardinal(text);
  return `${cardinal(hundreds)} ${rest === 0 ? "hundred" : minutes(rest)}`;
}

/** Two digits behind others: `05` is oh five. */
export function minutes(number: number): string {
  return number < 10 ? `oh ${cardinal(number)}` : cardinal(number);
}

/** `twenty` is twenties, `six` sixes. */
export function plural(word: string): string {
  if (word.endsWith("y")) return `${word.slice(0, -1)}ies`;
  return word.endsWith("x") ? `${word}es` : `${word}s`;
}

const FRACTIONS: Readonly<Record<string, readonly [parts: number, of: number]>> = {
  "½": [1, 2],
  "⅓": [1, 3],
  "⅔": [2, 3],
  "¼": [1, 4],
  "¾": [3, 4],
  "⅕": [1, 5],
  "⅖": [2, 5],
  "⅗": [3, 5],
  "⅘": [4, 5],
  "⅙": [1, 6],
  "⅚": [5, 6],
  "⅛": [1, 8],
  "⅜": [3, 8],
  "⅝": [5, 8],
  "⅞": [7, 8],
};
/** The characters that are fractions by themselves. */
export const FRACTION: string = Object.keys(FRACTIONS).join("");
const PARTS: Readonly<Record<number, string>> = { 2: "half", 4: "quarter" };

/** `½` or `1/2` as its numbers; undefined where it is no fraction that is said as one. */
export function fractionOf(text: string): readonly [parts: number, of: number] | undefined {
  if (Object.hasOwn(FRACTIONS, text)) return FRACTIONS[text];
  const [parts = 0, of = 0] = text.split(/[/⁄]/).map(Number);
  const isSaid = parts > 0 && parts < of && (of <= 10 || (parts === 1 && of <= 1000));
  return isSaid ? [parts, of] : undefined;
}

/** @param one what a single part is called: `a half`, `one half` */
export function fraction([parts, of]: readonly [number, number], one: "a" | "one"): string {
  const name = PARTS[of] ?? ordinal(of);
  if (parts > 1) return `${cardinal(parts)} ${of === 2 ? "halves" : `${name}s`}`;
  return `${one === "a" && /^[aeiou]/.test(name) ? "an" : one} ${name}`;
}
