import type { Rule } from "../rule.ts";
import { FRACTION } from "./numbers.ts";
import { rule } from "./patterns.ts";

const NUMBER_AHEAD = `(?=[\\d.${FRACTION}])`;

function between(sign: string, word: string): Rule {
  return rule(`${sign}`, (_, { before, text, end }) => {
    const gap = /\s$/.test(before) || before === "" ? "" : " ";
    const behind = /^\s/.test(text.slice(end, end + 1)) || end === text.length ? "" : " ";
    return `${gap}${word}${behind}`;
  });
}

/** Signs that stand for words, by themselves. */
export const SIGNS: Readonly<Record<string, readonly Rule[]>> = {
  "+": [
    rule(`\\+\\s?${NUMBER_AHEAD}`, (_, { before }) =>
      /[\p{L}\p{N})%½]$/u.test(before) ? " plus " : "plus ",
    ),
    between("\\+(?=\\s*(?:[\\p{L}(]))", "plus"),
  ],
  "-": [
    rule(`-\\s${NUMBER_AHEAD}`, (_, { before }) => (/[\d)½] $/.test(before) ? "minus " : undefined)),
    rule(`-${NUMBER_AHEAD}`, (_, { before }) => (/[\p{L}\p{N}_.,:)-]$/u.test(before) ? undefined : "minus ")),
  ],
  "/": [
    rule("/(?=[+−-]\\d)", () => " "),
    // 1d6/1d8, 19–20/x2
    rule("/(?=\\d{0,2}d\\d)", (_, { before }) => (/d\d{1,3}$/.test(before) ? " or " : undefined)),
    rule("/(?=x\\d)", (_, { before }) => (/\d$/.test(before) ? ", " : undefined)),
    rule("/(o)?(?![\\p{L}\\p{N}])", ([, out], { before }) =>
      /(?:^|[\s(])w$/.test(before) ? { said: out ? "without" : "with", back: 1 } : undefined,
    ),
    // What somebody is called, she/her or they/them/theirs, and not one or the other.
    rule("/(?=(?:hers?|him|his|them|theirs?|its)(?![\\p{L}\\p{N}]))", (_, { before }) =>
      /(?:^|[\s(])(?:(?:she|he|they|it)|(?:she\/her|he\/him|they\/them|it\/its))$/i.test(before)
        ? " "
        : undefined,
    ),
    // He/she, and/or, AC/DC; not a path.
    rule("/(?=\\p{L}{2,16}(?![\\p{L}\\p{N}/.]))", (_, { before, text, end }) => {
      const word = /(?:^|[\s(“"])(\p{L}{2,16})$/u.exec(before)?.[1];
      if (word === undefined) return undefined;
      return /^and$/i.test(word) || /\p{Lu}{2}/u.test(text.slice(end, end + 2)) ? " " : " or ";
    }),
  ],
  "²": [rule("²", () => " squared")],
  "³": [rule("³", () => " cubed")],
  x: [
    rule("x(?=\\d{1,4}(?![\\p{L}\\d]))", (_, { before }) =>
      /(?:^|[\s(/])$/.test(before) ? "times " : undefined,
    ),
    // 5 ft x 10 ft
    rule("x(?= \\d)", (_, { before }) =>
      /\d ?(?:ft|in|m|cm|mm|yd|km|feet)\.? $/.test(before) ? "by" : undefined,
    ),
  ],
  "−": [
    rule("−\\s?(?=[\\d½d])", (_, { before }) => (/[\p{L}\p{N})%½]$/u.test(before) ? " minus " : "minus ")),
  ],
  "–": [
    rule(`– ${NUMBER_AHEAD}`, (_, { before }) => (/[\d)] $/.test(before) ? "minus " : undefined)),
    rule(`–${NUMBER_AHEAD}`, (_, { before }) =>
      /[\p{L}\p{N}_/.,:)-]$/u.test(before) || before === "" ? undefined : "minus ",
    ),
  ],
  "±": [between("±\\s?(?=\\d)", "plus or minus")],
  "=": [between("=(?!=)", "equals")],
  "×": [
    rule("×\\s?(?=\\d)", (_, { before }) => (/\S$/.test(before) ? " times " : "times ")),
    between("×", "times"),
  ],
  "*": [
    rule("\\*(?=\\s?\\d)", (_, { before }) =>
      /\d\s?$/.test(before) ? (/\s$/.test(before) ? "times" : " times ") : undefined,
    ),
  ],
  "≠": [between("≠", "is not")],
  "÷": [between("÷", "divided by")],
  "≈": [between("≈", "about")],
  "~": [rule("~(?=[$€£]?\\d)", (_, { before }) => (/\S$/.test(before) ? undefined : "about "))],
  "≥": [between("≥", "at least")],
  "≤": [between("≤", "at most")],
  "<": [rule("<(?=\\s?\\d)", (_, { before }) => (/\S$/.test(before) ? " less than " : "less than "))],
  ">": [rule(">(?=\\s?\\d)", (_, { before }) => (/\S$/.test(before) ? " more than " : "more than "))],
  "§": [rule("§§?\\s?(?=\\d)", () => "section ")],
  "&": [between("&", "and")],
  "#": [
    rule("#(?=\\d)", () => "number "),
    rule("#(?![\\p{L}\\p{N}])", (_, { before }) => (/(?:^|[\s(])[A-G]$/.test(before) ? " sharp" : undefined)),
    rule("#(?=\\p{L})", (_, { before }) => (/\S$/.test(before) ? undefined : "hashtag ")),
  ],
  "@": [
    rule("@(?=\\p{L})", (_, { before }) => (/[\p{L}\p{N}]$/u.test(before) ? " at " : "at ")),
    between("@", "at"),
  ],
  "°": [rule("°", (_, { before }) => (/\s$/.test(before) ? "degrees" : " degrees"))],
};
