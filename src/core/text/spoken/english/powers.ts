import type { Rule } from "../rule.ts";
import { cardinal, decimal, NUMBER, ordinal } from "./numbers.ts";
import { rule, standing } from "./patterns.ts";

const NAMES: Readonly<Record<string, string>> = { "2": "squared", "3": "cubed" };
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const raised = (number: string, power: string): string =>
  `${cardinal(number)} ${NAMES[power] ?? `to the ${ordinal(power)}`}`;

/** `10^3`, `5²` */
export const POWERS: readonly Rule[] = [
  standing(
    rule(`(${NUMBER})\\^([−-]?)(\\d{1,3})(?!\\d)`, ([, number = "", sign, power = ""]) =>
      sign ? `${cardinal(number)} to the minus ${ordinal(power)}` : raised(number, power),
    ),
  ),
  standing(
    rule(`(${NUMBER})(⁻?)([${RAISED}]{1,3})`, ([, number = "", sign, power = ""]) => {
      const written = Array.from(power, (digit) => RAISED.indexOf(digit)).join("");
      return sign ? `${cardinal(number)} to the minus ${ordinal(written)}` : raised(number, written);
    }),
  ),
  // x^2
  rule("(\\d{1,3})(?![\\p{L}\\d])", ([, power = ""], { before }) => {
    const [mark, sign] = /(?<=[\p{L})])\^([−-]?)$/u.exec(before) ?? [];
    if (mark === undefined) return undefined;
    const said = sign ? `to the minus ${ordinal(power)}` : (NAMES[power] ?? `to the ${ordinal(power)}`);
    return { said: ` ${said}`, back: mark.length };
  }),
  // 6.02e23
  standing(
    rule(
      "(\\d{1,9}(?:\\.\\d{1,9})?)[eE]([+−-]?)(\\d{1,3})(?![\\p{L}\\d])",
      ([, number = "", sign = "", power = ""]) =>
        `${decimal(number)} times ten to the ${/[−-]/.test(sign) ? "minus " : ""}${ordinal(power)}`,
    ),
  ),
];
