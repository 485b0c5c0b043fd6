import type { Rule } from "../rule.ts";
import { cardinal, digits, minutes } from "./numbers.ts";
import { rule, standing } from "./patterns.ts";

/** An address on the web: whose it is; nobody wants to hear the rest. */
export const LINKS: readonly Rule[] = [
  rule(
    "(?:https?://(?:www\\.)?|www\\.)([^\\s/<>?#]{1,200})[^\\s<>]{0,2000}",
    ([all, host = ""], { before }) => {
      if (/[\p{L}\p{N}]$/u.test(before)) return undefined;
      const [mark = ""] = /[.,;:!?)\]"”’]{0,8}$/.exec(all) ?? [];
      return { said: `a link to ${host.replace(/[.,;:!?)\]"”’]+$/, "")}`, length: all.length - mark.length };
    },
  ),
];

/** `old.mara@redkeep.example`, found at its `@`. */
export const MAIL: Rule = rule("@([\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,6})", ([, host = ""], { before }) => {
  const name = /[\w.+-]{1,32}$/.exec(before)?.[0];
  return name === undefined ? undefined : { said: `${spelt(name)} at ${spelt(host)}`, back: name.length };
});

function spelt(name: string): string {
  return name
    .replaceAll(".", " dot ")
    .replaceAll("_", " underscore ")
    .replaceAll("-", " dash ")
    .replaceAll("+", " plus ");
}

const EMERGENCY = /(?:^|[^\p{L}])(?:dial|call|phone|ring|text)(?:s|ed|ing|ling)? $/iu;

/** What is read number by number, or digit by digit. */
export const CODES: readonly Rule[] = [
  standing(rule("\\d{3}\\.\\d{3}\\.\\d{4}(?![\\d.]*\\d)", ([number]) => phone(number))),
  standing(rule("\\d{4}(?: \\d{4}){3}(?! ?\\d)", ([number]) => phone(number))),
  standing(rule("\\d{5}-\\d{4}(?![\\d-])", ([number]) => phone(number))),
  // 4-8-15-16 is a row of numbers, 978-3-16-148410-0 one of digits.
  standing(
    rule("\\d{1,7}(?:-\\d{1,7}){3,8}(?![\\d-])", ([row]) =>
      /\d{4}/.test(row) ? phone(row) : row.split("-").map(cardinal).join(", "),
    ),
  ),
  // A table of what is rolled with d100.
  standing(
    rule("(\\d\\d)[–-](\\d\\d)(?![\\d–-]|[.,:/]\\d)", ([, from = "", to = ""]) =>
      from.startsWith("0") || to === "00" ? `${percentile(from)} to ${percentile(to)}` : undefined,
    ),
  ),
  standing(
    rule("\\d{1,3}(?:\\.000|(?:\\.\\d{3}){2})(?:\\.\\d{3})*(?![\\d.]*\\d)", ([number]) =>
      /\.\d{3}\./.test(number) ? cardinal(number.replaceAll(".", "")) : undefined,
    ),
  ),
  standing(
    rule("\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\d.]*\\d)", ([ip]) => ip.split(".").map(cardinal).join(" dot ")),
  ),
  standing(rule("\\d{1,4}(?:\\.\\d{1,4}){2}(?:\\.\\d{1,4})*(?!\\d)", ([version]) => points(version))),
  rule("\\d{1,4}(?:\\.\\d{1,4})*(?!\\d)", ([version], { before }) => {
    const [, word, mark] = /(?:^|[^\p{L}\p{N}])([Vv]ersion )?([vV])$/u.exec(before) ?? [];
    return mark === undefined ? undefined : { said: `${word ? "" : "version "}${points(version)}`, back: 1 };
  }),
  // 1-800-FLOWERS
  standing(
    rule(
      "(\\d)-(\\d)00-(\\p{Lu}{3,10})(?![\\p{L}\\d-])",
      ([, first = "", hundreds = "", word = ""]) =>
        `${cardinal(first)}, ${cardinal(hundreds)} hundred, ${word.toLowerCase()}`,
    ),
  ),
  standing(
    rule("(?:911|999|112|411)(?![\\p{L}\\p{N}%]|[.,:/-]\\d)", ([number], { before, text, end }) =>
      EMERGENCY.test(before) && !/^ \p{Ll}+s(?!\p{L})/u.test(text.slice(end, end + 24))
        ? digits(number)
        : undefined,
    ),
  ),
  ...[
    "\\d-\\d{3}-\\d{3}-\\d{4}",
    "\\(\\d{3}\\) ?\\d{3}-\\d{4}",
    "\\d{3}[ -]\\d{3}-\\d{4}",
    "\\d{3}-\\d{4}",
    "0\\d{2,4}(?:[ -]\\d{3,4}){1,2}",
    "0\\d{2,4}[/ -]\\d{5,8}",
  ].map((source) => standing(rule(`${source}(?![\\d-])`, ([number]) => phone(number)))),
  standing(
    rule("([1-9])(0[1-9]|[1-9]\\d)(?![\\p{L}\\p{N}]|[.,:/-]\\d)", ([, hundreds = "", rest], { before }) =>
      /\b(?:[Rr]oom|[Cc]ell|[Ss]uite|[Ff]light|[Rr]oute|[Hh]ighway) $/.test(before)
        ? `${cardinal(hundreds)} ${minutes(Number(rest))}`
        : undefined,
    ),
  ),
  standing(rule("0\\d{1,17}(?![\\d.,:]*\\d)", ([code]) => digits(code))),
];

/** `+44 20 7946 0958` */
export const ABROAD: Rule = rule(
  "\\+\\d{1,3}(?:[ -]\\(?\\d{1,5}\\)?){2,5}(?!\\d)",
  ([number]) => `plus ${phone(number)}`,
);

function percentile(number: string): string {
  return number === "00" ? "one hundred" : cardinal(Number(number));
}

function points(version: string): string {
  return version.split(".").map(cardinal).join(" point ");
}

/** Digit by digit, with a pause between the groups. */
function phone(number: string): string {
  return (number.match(/\d+/g) ?? []).map(digits).join(", ");
}
