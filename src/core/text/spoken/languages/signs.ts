import { FRACTION, fractionOf } from "../english/numbers.ts";
import type { Rule } from "../rule.ts";
import type { Notation } from "./notation.ts";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** Points that one has of as many as there can be. */
const POOL =
  /(?:^|[^\p{L}])(?:HP|TP|LP|MP|PV|PG|PF|PW|PS|ОЗ|ХП|Trefferpunkte|points de vie|puntos de golpe|punti ferita):? ?$/u;

/** `3/4`, `½`, `1½`: parts; `12/30`: so many of so many. */
export function fractionRules({ fraction, of, signs }: Notation): Rule[] {
  const isTouched = (before: string): boolean => /[\p{L}\p{N}_][.,:/]?$/u.test(before);
  return [
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
      pattern: /(\d{1,4})\s?\/\s?(?=\p{L}\p{Ll}{2,16}(?!\p{L}))/uy,
      say: ([, number], { before }) => (isTouched(before) ? undefined : `${number} ${signs.per} `),
    },
    {
      pattern: new RegExp(`(?:(\\d{1,6})\\s?)?([${FRACTION}])(?![\\p{N}/])`, "uy"),
      say: ([, whole, sign = ""], { before }) => {
        const parts = fractionOf(sign);
        return parts && !/[\p{L}\p{N}_]$/u.test(before) ? fraction(...parts, whole) : undefined;
      },
    },
    {
      pattern: /(?:(\d{1,6})\s)?(\d{1,4})\s?[/⁄]\s?(\d{1,4})(?![\p{L}\p{N}/]|[.,]\d)/uy,
      say: ([, whole, one = "", other = ""], { before }) => {
        if (isTouched(before) || /^0\d/.test(one)) return undefined;
        const parts = POOL.test(before) ? undefined : fractionOf(`${one}/${other}`);
        const said = parts && fraction(...parts, whole);
        if (said !== undefined || whole !== undefined) return said;
        return one === other
          ? `${one} ${other}`
          : Number(one) < Number(other)
            ? `${one} ${of} ${other}`
            : undefined;
      },
    },
  ];
}

/** `−3`, `5 - 3`, `+2`, `5 × 3`. */
export function signRules({
  signs: { plus, minus, times, about },
}: Notation): Readonly<Record<string, readonly Rule[]>> {
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
  const tilde: Rule = {
    pattern: /~+(?=(\d?))/uy,
    say: ([, digit], { before }) => (digit && /(?:^|\s)$/u.test(before) ? `${about} ` : ""),
  };
  return {
    "−": [minusRule],
    "–": [minusRule],
    "-": [minusRule],
    "+": [by(plus)],
    "×": [by(times)],
    "~": [tilde],
  };
}
