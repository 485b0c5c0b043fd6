import type { Rule } from "../rule.ts";
import { cardinal, DECIMAL, decimal, FRACTION, fraction, fractionOf, NUMBER, TO } from "./numbers.ts";
import { BEFORE_NOUN, rule, standing } from "./patterns.ts";
import { FEET, INCHES } from "./units.ts";

/** `6'2"`, `9'`, `6"`: where no quote is open that the mark would close. */
export function feetAndInches(): Rule[] {
  const isOpen = (text: string, at: number, quotes: RegExp): boolean =>
    ((text.slice(Math.max(0, at - 400), at).match(quotes) ?? []).length & 1) === 1;
  const noun = (text: string, end: number, number: string, one: string, many: string): string =>
    number === "1" || BEFORE_NOUN.test(text.slice(end, end + 16)) ? one : many;
  return [
    standing(
      rule(
        `(\\d{1,3})${FEET}\\s?(\\d{1,2}[${FRACTION}]?)(?:${INCHES}|(?![\\p{L}\\p{N}]))`,
        ([, feet = "", inches = ""]) => `${cardinal(feet)} foot ${mixed(inches)}`,
      ),
    ),
    standing(
      rule(
        `(\\d{1,2}/\\d{1,2}|${DECIMAL}|\\d{0,3}[${FRACTION}])${INCHES}(?!\\p{L})`,
        ([, number = ""], { text, at, end }) =>
          isOpen(text, at, /["“]/g) || (number.includes("/") && !fractionOf(number))
            ? undefined
            : `${mixed(number)} ${noun(text, end, fractionOf(number) ? "1" : number, "inch", "inches")}`,
      ),
    ),
    standing(
      rule(
        `(${NUMBER}(?:${TO}${NUMBER})?)${FEET}(?![\\p{L}\\p{N}])`,
        ([, number = ""], { text, at, end }) => {
          if (/['‘]$/.test(text.slice(0, at)) || isOpen(text, at, /(?<![\p{L}\p{N}])['‘](?=\p{L})/gu))
            return undefined;
          const said = number
            .split(/[^\d,]+/)
            .map(cardinal)
            .join(" to ");
          return `${said} ${noun(text, end, number, "foot", "feet")}`;
        },
      ),
    ),
  ];
}

function mixed(number: string): string {
  const part = fractionOf(number);
  if (part) return fraction(part, "one");
  const [whole = "", sign] = [number.slice(0, -1), number.slice(-1)];
  const parts = fractionOf(sign);
  if (!parts) return decimal(number);
  return `${cardinal(whole)} and ${fraction(parts, "a")}`;
}
