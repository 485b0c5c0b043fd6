import type { Context, Rule } from "../rule.ts";
import { FRACTION } from "./numbers.ts";
import { rule } from "./patterns.ts";

const NUMBER_AHEAD = `(?=\\.?\\d|[${FRACTION}])`;

function between(sign: string, word: string): Rule {
  return rule(`${sign}`, (_, { before, text, end }) => {
    const gap = /\s$/.test(before) || before === "" ? "" : " ";
    const behind = /^(?:$|[\s.,;:!?)])/.test(text.slice(end, end + 1)) ? "" : " ";
    return `${gap}${word}${behind}`;
  });
}

/** What something may be counted by, behind a noun: `price/night`. */
const EACH =
  /^(?:night|day|week|month|year|hour|hr|minute|min|second|turn|round|rest|level|person|head|mile)(?!\p{L})/u;
const COMPARED: Readonly<Record<string, string>> = { "!": "is not", "<": "at most", ">": "at least" };

/** `HP 10→15`; between sentences it is a pause. @param length of what of it stands in `before` */
function arrow({ before, text, end }: Context, length = 0): string {
  const front = before.slice(0, before.length - length);
  const isSpaced = /(?:^|\s)$/.test(front);
  if (/[\p{L}\p{N}]\s?$/u.test(front) && /^\s?[\d+−-]/.test(text.slice(end, end + 2)) && /\d\s?$/.test(front))
    return isSpaced ? "to" : " to ";
  return front.trim() === "" ? "" : isSpaced ? "–" : ", ";
}

/** Signs that stand for words, by themselves. */
export const SIGNS: Readonly<Record<string, readonly Rule[]>> = {
  "+": [
    rule(`\\+\\s?${NUMBER_AHEAD}`, (_, { before }) =>
      /[\p{L}\p{N})%½]$/u.test(before) ? " plus " : "plus ",
    ),
    rule("\\+\\+(?![\\p{L}\\d+])", (_, { before }) => (/\p{L}$/u.test(before) ? " plus plus" : undefined)),
    // Not in an address of mail.
    between("\\+(?=\\s*(?:[\\p{L}(]))(?![\\w.+-]{1,40}@)", "plus"),
    rule("\\+(?![\\p{L}\\d+])", (_, { before }) => (/\d$/.test(before) ? " plus" : undefined)),
  ],
  "-": [
    rule(`-${NUMBER_AHEAD}`, (_, { before }) => (/(?:UTC|GMT)$/.test(before) ? " minus " : undefined)),
    rule(`-\\s${NUMBER_AHEAD}`, (_, { before }) => (/[\d)½] $/.test(before) ? "minus " : undefined)),
    rule(`-${NUMBER_AHEAD}`, (_, { before }) =>
      /[\p{L}\p{N}_.,:)^-]$/u.test(before) ? undefined : "minus ",
    ),
  ],
  "/": [
    rule("/(?=[+−-]\\d)", () => " "),
    // 1d6/1d8, 19–20/x2
    rule("/(?=\\d{0,2}d\\d)", (_, { before }) => (/d\d{1,3}$/.test(before) ? " or " : undefined)),
    rule("/(?=\\d)", (_, { before }) =>
      /(?:^|[^\p{L}])\d*d\d{1,3}$/u.test(before) ? " divided by " : undefined,
    ),
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
    rule("/(?=\\p{L}{2,16}(?![\\p{L}\\p{N}/]|\\.\\p{L}))", (_, { before, text, end }) => {
      if (/\p{L}$/u.test(before) && EACH.test(text.slice(end, end + 16))) return " per ";
      const word = /(?:^|[\s(“"])(\p{L}{2,16})$/u.exec(before)?.[1];
      if (word === undefined) return undefined;
      return /^and$/i.test(word) || /\p{Lu}{2}/u.test(text.slice(end, end + 2)) ? " " : " or ";
    }),
  ],
  "²": [rule("²", () => " squared")],
  "³": [rule("³", () => " cubed")],
  x: [
    rule("x(?=\\d{1,4}(?![\\p{L}\\d]))", (_, { before }) =>
      /(?:^|[\s(/])$/.test(before) ? "times " : before.endsWith(")") ? " times " : undefined,
    ),
    // 5 ft x 10 ft
    rule("x(?= \\d)", (_, { before }) =>
      /\d ?(?:ft|in|m|cm|mm|yd|km|feet)\.? $/.test(before) ? "by" : undefined,
    ),
  ],
  "−": [
    rule("−\\s?(?=[\\d½d])", (_, { before }) => (/[\p{L}\p{N})%½]$/u.test(before) ? " minus " : "minus ")),
    between("−(?=\\s?[\\p{L}(])", "minus"),
  ],
  "√": [
    rule(
      "√\\s?(?=[\\p{L}\\d(])",
      (_, { before }) => `${/[\p{L}\p{N})]$/u.test(before) ? " " : ""}the root of `,
    ),
  ],
  "–": [
    rule(`– ${NUMBER_AHEAD}`, (_, { before }) => (/[\d)] $/.test(before) ? "minus " : undefined)),
    rule(`–${NUMBER_AHEAD}`, (_, { before }) =>
      /[\p{L}\p{N}_/.,:)-]$/u.test(before) || before === "" ? undefined : "minus ",
    ),
  ],
  "±": [between("±\\s?(?=\\d)", "plus or minus")],
  "=": [
    rule("=", (_, { before }) => {
      const [sign = ""] = /[!<>]$/.exec(before) ?? [];
      return sign === "" ? undefined : { said: COMPARED[sign] ?? "", back: 1 };
    }),
    rule("=>", (_, context) => arrow(context)),
    // Lines and marks of them.
    rule("={2,}", (_, { before }) => (/\s$/.test(before) || before === "" ? "" : " ")),
    between("=", "equals"),
  ],
  "→": [rule("→", (_, context) => arrow(context))],
  "⇒": [rule("⇒", (_, context) => arrow(context))],
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
  "~": [
    rule("~(?=[$€£]?\\d)", (_, { before }) => (/\S$/.test(before) ? undefined : "about ")),
    rule("~+", () => ""),
  ],
  "≥": [between("≥", "at least")],
  "≤": [between("≤", "at most")],
  "<": [
    rule("<\\s(?=\\d)", (_, { before }) => (/\d\s$/.test(before) ? "is less than " : undefined)),
    rule("<\\s?(?=\\d)", (_, { before }) => (/\S$/.test(before) ? " less than " : "less than ")),
  ],
  ">": [
    rule(">", (_, context) => {
      if (!context.before.endsWith("-")) return undefined;
      const said = arrow(context, 1);
      return { said, back: 1 };
    }),
    rule(">\\s(?=\\d)", (_, { before }) => (/\d\s$/.test(before) ? "is more than " : undefined)),
    rule(">\\s?(?=\\d)", (_, { before }) => (/\S$/.test(before) ? " more than " : "more than ")),
  ],
  "¶": [rule("¶\\s?(?=\\d)", () => "paragraph ")],
  "№": [rule("№\\s?(?=\\d)", () => "number ")],
  "‰": [between("‰", "per mille")],
  "♭": [rule("♭", () => " flat")],
  "♯": [rule("♯", () => " sharp")],
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
