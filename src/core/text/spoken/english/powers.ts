import type { Rule } from "../rule.ts";
import { cardinal, NUMBER, ordinal } from "./numbers.ts";
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
    rule(`(${NUMBER})([${RAISED}]{1,3})`, ([, number = "", power = ""]) =>
      raised(number, Array.from(power, (digit) => RAISED.indexOf(digit)).join("")),
    ),
  ),
];
