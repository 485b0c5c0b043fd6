import type { OrdinalMark } from "./notation.ts";

/** Where a number or a word ends. */
export const END = "(?![\\p{L}\\p{N}])";

/** Before an ordinal that is written as degrees are: `il 1° maggio`. */
const ARTICLE = /(?:^|[^\p{L}])(?:[IiEe]l|[Ll][oa]|[DdNn]el|[Aa]l|[Dd]al|[OoAa]|[DdNn]o)\s$/u;

/** Romance ordinals end in -o for men and in -a for women, in each of their words. */
export function marked(ordinal: (value: number) => string): OrdinalMark {
  return {
    pattern: `(\\d{1,4})\\.?([ºª°])${END}`,
    say: (value, [, , mark], before) =>
      value === 0 || (mark === "°" && !ARTICLE.test(before))
        ? undefined
        : mark === "ª"
          ? ordinal(value).replace(/o\b/g, "a")
          : ordinal(value),
  };
}

/** `siglo XIX`: ordinals up to the tenth. @param before the word in front of it, as a pattern */
export function ofCentury(before: RegExp, ordinal: (value: number) => string): OrdinalMark {
  return {
    pattern: `([IVXLC]{1,6})${END}`,
    say: (value, _, text) => (before.test(text) ? (value > 10 ? `${value}` : ordinal(value)) : undefined),
  };
}

/** From the eleventh on kings are counted by cardinals. */
export function ofKing(ordinal: (value: number) => string, value: number, name: string): string {
  if (value > 10) return `${value}`;
  return /(?:a|bel)$/u.test(name) ? ordinal(value).replace(/o\b/g, "a") : ordinal(value);
}
