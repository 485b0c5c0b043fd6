import { FRACTION, fractionOf } from "../english/numbers.ts";
import { oneOf } from "../english/patterns.ts";
import type { Rule } from "../rule.ts";
import type { Names, Notation } from "./notation.ts";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** Characters in which a noun is looked at. */
const NOUN = 24;
/** Points that one has of as many as there can be. */
const POOL =
  /(?:^|[^\p{L}])(?:HP|TP|LP|MP|PV|PG|PF|PW|PS|ОЗ|ХП|Trefferpunkte|points de vie|puntos de golpe|punti ferita):? ?$/u;

/** `3/4`, `½`, `1½`: parts; `12/30`: so many of so many. */
export function fractionRules(
  { fraction, of, signs }: Notation,
  units: Readonly<Record<string, Names>> = {},
): Rule[] {
  const isTouched = (before: string): boolean => /[\p{L}\p{N}_][.,:/]?$/u.test(before);
  const ofUnit = oneOf(Object.keys(units)) || "(?!)";
  return [
    {
      // 2024/25
      pattern: /(1\d|20)(\d\d)\/(\d\d)(?![\p{L}\d/]|[.,]\d)/uy,
      say: ([, century = "", from = "", to = ""], { before }) =>
        Number(to) === Number(from) + 1 && !isTouched(before) ? `${century}${from} ${to}` : undefined,
    },
    {
      // 4x, 2–3×
      pattern: /(\d{1,3})[x×](?![\p{L}\p{N}]|\s?\d)/uy,
      say: ([, number], { before }) => (isTouched(before) ? undefined : `${number} ${signs.often}`),
    },
    {
      // 3:1
      pattern: /(\d{1,4}):(\d{1,4})(?![\p{L}\d:]|[.,]\d)/uy,
      say: ([, one, other], { before }) => (isTouched(before) ? undefined : `${one} ${signs.ratio} ${other}`),
    },
    {
      pattern: /(\d{1,9})\^([−-]?)(\d{1,3})(?![\p{L}\p{N}])/uy,
      say: ([, number, sign, power]) => `${number} ${signs.power} ${sign ? `${signs.minus} ` : ""}${power}`,
    },
    {
      pattern: new RegExp(`(\\d{1,9})(⁻?)([${RAISED}]{1,3})`, "uy"),
      say: ([, number, sign, power = ""]) =>
        `${number} ${signs.power} ${sign ? `${signs.minus} ` : ""}${Array.from(power, (digit) => RAISED.indexOf(digit)).join("")}`,
    },
    {
      pattern: /(\d{1,4})\s?\/\s?(\p{L}\p{Ll}{2,16})(?!\p{L})/uy,
      say: ([, number, thing = ""], { before }) =>
        isTouched(before) ? undefined : `${number} ${signs.per(thing)}`,
    },
    {
      // ½, 1½, ½ kg
      pattern: new RegExp(
        `(?:(\\d{1,6})\\s?)?([${FRACTION}])(?![\\p{N}/])(?:\\s?(${ofUnit})(?![\\p{L}\\p{N}²³/]))?`,
        "uy",
      ),
      say: ([, whole, sign = "", unit], { before, text, end }) => {
        const parts = fractionOf(sign);
        if (!parts || /[\p{L}\p{N}_]$/u.test(before)) return undefined;
        const name = unit === undefined ? "" : ` ${units[unit]?.[whole === undefined ? 0 : 1]}`;
        const said = fraction(...parts, whole, name || text.slice(end, end + NOUN));
        return said === undefined ? undefined : `${said}${name}`;
      },
    },
    {
      pattern: new RegExp(
        `(?:(\\d{1,6})\\s)?(\\d{1,4})\\s?[/⁄]\\s?(\\d{1,4})(?![\\p{L}\\p{N}/]|[.,]\\d)(?:\\s(${ofUnit})(?![\\p{L}\\p{N}²³/]))?`,
        "uy",
      ),
      say: ([, whole, one = "", other = "", unit], { before, text, end }) => {
        if (isTouched(before) || /^0\d/.test(one)) return undefined;
        const parts = POOL.test(before) ? undefined : fractionOf(`${one}/${other}`);
        const name = unit === undefined ? "" : ` ${units[unit]?.[whole === undefined ? 0 : 1]}`;
        const said = parts && fraction(...parts, whole, name || text.slice(end, end + NOUN));
        if (said !== undefined) return `${said}${name}`;
        if (whole !== undefined) return undefined;
        if (one === other) return `${one} ${other}${name}`;
        return Number(one) < Number(other) ? `${one} ${of} ${other}${name}` : undefined;
      },
    },
  ];
}

/** `−3`, `5 - 3`, `+2`, `5 × 3`, `10 ÷ 2 = 5`, `A & B`, `#3`, `gm@table.fr`. */
export function signRules({ signs }: Notation): Readonly<Record<string, readonly Rule[]>> {
  const { plus, minus, times, about } = signs;
  const behind = (before: string): string => (/[\p{L}\p{N})%]$/u.test(before) ? " " : "");
  const minusRule: Rule = {
    pattern: /[−–-](\s?)(?=\d)/uy,
    say: ([sign, space], { before }) => {
      if (/\d\s$/u.test(before)) return space === "" ? undefined : `${minus} `;
      if (sign === "−" && /[\d)]$/u.test(before)) return ` ${minus} `;
      const isFirst = sign.startsWith("–") && before === "";
      return space === "" && !isFirst && /(?:^|[\s(«„“"'/])$/u.test(before) ? `${minus} ` : undefined;
    },
  };
  const by = (word: string): Rule => ({
    pattern: /.\s?(?=\d)/uy,
    say: (_, { before }) => `${behind(before)}${word} `,
  });
  /** Where it stands between words or numbers. */
  const between = (word: string): Rule => ({
    pattern: /.(?=\s?[\p{L}\p{N}(+−-])/uy,
    say: ([sign], { before, text, end }) => {
      // Lines, and marks of programs: `==`, `&&`, `<=`.
      if (/[=&<>!]$/u.test(before) || text.charAt(end) === sign) return undefined;
      return `${behind(before)}${word}${/^\s/u.test(text.slice(end, end + 1)) ? "" : " "}`;
    },
  });
  const raised = (word: string): Rule => ({
    pattern: /.(?![\p{L}\p{N}])/uy,
    say: (_, { before }) => (/\p{L}$/u.test(before) ? ` ${word}` : undefined),
  });
  const tilde: Rule = {
    pattern: /~+(?=(\d?))/uy,
    say: ([, digit], { before }) => (digit && /(?:^|\s)$/u.test(before) ? `${about} ` : ""),
  };
  const twice: Rule = {
    pattern: /\+\+(?![\p{L}\d+])/uy,
    say: (_, { before }) => (/\p{L}$/u.test(before) ? ` ${plus} ${plus}` : undefined),
  };
  const mail: Rule = {
    pattern: /@([\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6})(?![\p{L}\p{N}@])/uy,
    say: ([, host = ""], { before }) => {
      const [name] = /[\p{L}\p{N}._+-]+$/u.exec(before) ?? [];
      if (name === undefined) return undefined;
      const inWords = (part: string): string => part.replaceAll(".", ` ${signs.dot} `);
      return { said: `${inWords(name)} ${signs.at} ${inWords(host)}`, back: name.length };
    },
  };
  const permille: Rule = { pattern: /‰/uy, say: (_, { before }) => `${behind(before)}${signs.perMille}` };
  const number: Rule = {
    pattern: /#(?=\d)/uy,
    say: (_, { before }) => (/(?:^|[\s(])$/u.test(before) ? `${signs.number} ` : undefined),
  };
  return {
    "−": [minusRule],
    "–": [minusRule],
    "-": [minusRule],
    "+": [twice, by(plus)],
    "×": [by(times)],
    "~": [tilde],
    "=": [between(signs.equals)],
    "÷": [between(signs.over)],
    "±": [by(signs.plusMinus)],
    "‰": [permille],
    "&": [between(signs.and)],
    "@": [mail],
    "#": [number],
    "√": [by(signs.root)],
    "≥": [by(signs.least)],
    "≤": [by(signs.most)],
    "²": [raised(signs.raised[0])],
    "³": [raised(signs.raised[1])],
  };
}
