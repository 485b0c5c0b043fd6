import type { Rule } from "../rule.ts";
import { feetAndInches } from "./feet-and-inches.ts";
import { IN_MINUTES } from "./in-minutes.ts";
import {
  cardinal,
  DECIMAL,
  decimal,
  FRACTION,
  fraction,
  fractionOf,
  NUMBER,
  ordinal,
  TO,
  toWord,
} from "./numbers.ts";
import { BEFORE_NOUN, pointAt, rule, standing } from "./patterns.ts";
import { POWERS } from "./powers.ts";
import { FEET, type UnitTable } from "./units.ts";

const PER = "(?:\\s?/\\s?(\\p{L}{1,16})\\b)?";
const DEGREE = "\\s?(?:[°º](?:\\s?([CFK])\\b)?|([℃℉]))";
const SCALES: Readonly<Record<string, string>> = {
  C: " Celsius",
  "℃": " Celsius",
  F: " Fahrenheit",
  "℉": " Fahrenheit",
  K: " Kelvin",
};
/** What is measured by its size in front of it, whatever stands before that: `10 ft. radius`, `45° turn`. */
const SHAPE = /^ (?:radius|diameter|cone|cube|sphere|cylinder|pole|ladder|reach|angle|turn|arc|slope)\b/;

/** `a 20 ft. drop` is a drop of twenty feet. */
function isAdjective(before: string, text: string, end: number): boolean {
  if (SHAPE.test(text.slice(end, end + 16))) return true;
  return (
    /(?:^|[^\p{L}])(?:an?|the|this|that|each|every|his|her|its|their) $/iu.test(before) &&
    BEFORE_NOUN.test(text.slice(end, end + 16))
  );
}

/** Numbers with what they count. */
export function measures(units: UnitTable): Rule[] {
  const counted = (number: string, gap: string, unit: string): string =>
    `${decimal(number)} ${units.name(unit, gap === "-" ? "1" : number)}`;
  const per = (unit: string | undefined): string =>
    unit ? ` per ${unit === "s" ? "second" : units.has(unit) ? units.name(unit, "1") : unit}` : "";

  return [
    ...IN_MINUTES,
    // 80/320 ft., 20–60 ft., 5–7 km
    standing(
      rule(
        `(${DECIMAL})((?:(?:${TO}|/)${DECIMAL}){1,2})${units.source}${PER}`,
        (match, { text, end, before }) => {
          const [, first = "", others = "", gap = "", unit = "", point, turn] = match;
          // 3/4 lb. is a part of one, 5/10 ft. a reach.
          if (others.startsWith("/") && isReduced(`${first}${others}`)) return undefined;
          const numbers = [first, ...(others.match(/\d[\d,.]*/g) ?? [])].map(decimal);
          const name = units.name(unit, gap === "-" || isAdjective(before, text, end) ? "1" : "many");
          const joiner = numbers.length > 2 ? ", " : ` ${toWord(before)} `;
          return `${numbers.join(joiner)} ${name}${per(turn)}${point && !turn ? pointAt(text, end) : ""}`;
        },
      ),
    ),
    standing(
      rule(
        `(${DECIMAL})${units.source}${PER}`,
        ([, number = "", gap = "", unit = "", point, turn], { text, end, before }) => {
          // 1½ and 3 1/2 are read as one number.
          if (/[½¼¾⅓⅔⅛/] ?$/.test(before)) return undefined;
          const one = isAdjective(before, text, end) ? "-" : gap;
          return `${counted(number, one, unit)}${per(turn)}${point && !turn ? pointAt(text, end) : ""}`;
        },
      ),
    ),
    ...dimensions(units),
    ...feetAndInches(),
    standing(
      rule(
        `(${DECIMAL})(?:(?:\\s?[°º]\\s?[CFK]?)?${TO}(${DECIMAL}))?${DEGREE}`,
        ([, number = "", to, letter, sign], { before, text, end }) => {
          const many = to ?? number;
          const range = to === undefined ? "" : `${decimal(number)} to `;
          const isOne = many === "1" || isAdjective(before, text, end);
          return `${range}${decimal(many)} degree${isOne ? "" : "s"}${SCALES[letter ?? sign ?? ""] ?? ""}`;
        },
      ),
    ),
    standing(
      rule(
        `(${DECIMAL})(?:\\s?%)?${TO}(${DECIMAL})\\s?%`,
        ([, from = "", to = ""], { before }) => `${decimal(from)} ${toWord(before)} ${decimal(to)} percent`,
      ),
    ),
    standing(rule(`(${DECIMAL})\\s?%`, ([, number = ""]) => `${decimal(number)} percent`)),
    ...fractions(units),
    ...POWERS,
    // Slots of spells, by level.
    standing(
      rule("\\d{1,2}(?:/\\d{1,2}){2,8}(?![\\d/])", ([row]) => row.split("/").map(cardinal).join(", ")),
    ),
    standing(
      rule(
        "([248])K(?= (?:screen|video|image|display|monitor|map|TV)s?\\b)",
        ([, number = ""]) => `${cardinal(number)} K`,
      ),
    ),
    standing(rule(`(${DECIMAL})[kK](?![\\p{L}\\p{N}])`, ([, number = ""]) => `${decimal(number)} thousand`)),
    standing(
      rule(
        `(${DECIMAL})(M|bn|tn)(?![\\p{L}\\p{N}])`,
        ([, number = "", large]) =>
          `${decimal(number)} ${large === "M" ? "million" : large === "bn" ? "billion" : "trillion"}`,
      ),
    ),
    standing(rule(`(${NUMBER})x(?= \\p{Ll})`, ([, number = ""]) => `${cardinal(number)} times`)),
    standing(
      rule(
        `(\\d{1,3})\\s?/\\s?(\\p{L}{2,16})\\b`,
        ([, number = "", turn]) => `${cardinal(number)} per ${turn}`,
      ),
    ),
    // The 3rd–5th
    standing(
      rule(
        `(${NUMBER})(?:st|nd|rd|th)${TO}(${NUMBER})(?:st|nd|rd|th)(?![\\p{L}\\p{N}])`,
        ([, from = "", until = ""], { before }) => `${ordinal(from)} ${toWord(before)} ${ordinal(until)}`,
      ),
    ),
    standing(
      rule(
        `(${NUMBER})(?:st|nd|rd|th|ST|ND|RD|TH)(?![\\p{L}\\p{N}])(?:([ -])lvls?(?!\\p{L}))?`,
        ([, number = "", gap]) => `${ordinal(number)}${gap ? `${gap}level` : ""}`,
      ),
    ),
    // 1'000'000.50, as the Swiss write it
    standing(
      rule("\\d{1,3}(?:['’]\\d{3}){1,5}(?:\\.\\d{1,9})?(?![\\d'’\"])", ([number]) =>
        decimal(number.replace(/['’]/g, "")),
      ),
    ),
    // Boeing 747-400: a range does not fall.
    standing(
      rule("(\\d{3,4})-(\\d{3,4})(?![-–—\\d]|[.,:/]\\d|\\p{L})", ([, one = "", other = ""], { before }) =>
        Number(one) > Number(other) && !/\d[–—‑-]$/.test(before)
          ? `${cardinal(one)} ${cardinal(other)}`
          : undefined,
      ),
    ),
    // To a minus nothing is a range.
    standing(
      rule(
        `(${DECIMAL})\\s?([–—‑-])\\s?(${DECIMAL})(?![-–—\\d]|[.,:/]\\d|\\p{L})`,
        ([all, from = "", dash, to = ""], { before, text, end }) => {
          // 1-2-3 is a count.
          if (/\d[–—‑-]$/.test(before)) return undefined;
          // 10 - 20 miles; else it is a minus.
          const isSum = dash === "-" && / /.test(all);
          if (isSum && !(Number(from) < Number(to) && /^ \p{Ll}+s(?!\p{L})/u.test(text.slice(end, end + 24))))
            return undefined;
          const word = /^\s*=/.test(text.slice(end, end + 4)) ? "minus" : toWord(before);
          return `${decimal(from)} ${word} ${decimal(to)}`;
        },
      ),
    ),
    standing(
      rule(
        "\\d{1,3}(?:[\u00a0\u2009\u202f]\\d{3}(?!\\d)){1,5}|\\d{1,3}(?:(?: \\d{3}(?!\\d)){2,5}| 000(?!\\d))",
        ([number]) => decimal(number.replace(/\D/g, "")),
      ),
    ),
    standing(
      rule(`(${DECIMAL})(?![\\p{L}\\p{N}]|[.,]\\d)`, ([, number = ""], { before }) =>
        // AC:18
        /\p{L}:$/u.test(before) ? ` ${decimal(number)}` : decimal(number),
      ),
    ),
  ];
}

/** `10x10`, `10'×10'`, `20 x 30 ft.`, `3 × 4 = 12` */
function dimensions(units: UnitTable): Rule[] {
  const side = `\\s?[x×]\\s?(${NUMBER})(${FEET}?)`;
  return [
    standing(
      rule(
        `(${NUMBER})(${FEET}?)${side}(?:${side})?(?:${units.source})?(?!\\p{L})`,
        (match, { text, at, end }) => {
          const [, one = "", foot, other = "", , third, , gap, unit, point] = match;
          if (/^\s*=/.test(text.slice(end, end + 4))) return `${cardinal(one)} times ${cardinal(other)}`;
          const sides = [one, other, ...(third === undefined ? [] : [third])].map((number) =>
            foot
              ? `${cardinal(number)} ${number === "1" || /^\s\p{L}/u.test(text.slice(end)) ? "foot" : "feet"}`
              : cardinal(number),
          );
          const isOne = gap === "-" || isAdjective(text.slice(Math.max(0, at - 8), at), text, end);
          const name = unit === undefined ? "" : ` ${units.name(unit, isOne ? "1" : "many")}`;
          return `${sides.join(" by ")}${name}${point ? pointAt(text, end) : ""}`;
        },
      ),
    ),
  ];
}

function isReduced(written: string): boolean {
  const [parts = 0, of = 0] = fractionOf(written) ?? [];
  for (let by = 2; by <= parts; by++) if (parts % by === 0 && of % by === 0) return false;
  return parts > 0;
}

/** Neither a part nor a pool. */
const DATES_AS_NAMES: ReadonlySet<string> = new Set(["24/7", "9/11", "7/7"]);

/** `½`, `3½ lb.`, `1 1/2`, `3/4`; units are counted by them. */
function fractions(units: UnitTable): Rule[] {
  const unit = units.sourceOfFraction;
  const named = (said: string, name: string | undefined, point: string | undefined, end: string): string =>
    `${said}${name ? ` ${name}` : ""}${point ? end : ""}`;
  const part = (
    parts: readonly [number, number],
    gap: string,
    name: string | undefined,
    before: string,
  ): string => {
    const isOneThing = /(?:^|[^\p{L}])an? $/iu.test(before);
    if (name === undefined) return fraction(parts, "one");
    if (name === "dmg") return `${fraction(parts, "one").replace("one ", "")} damage`;
    const one = units.name(name, "1");
    // A half cup, a three quarter mile.
    if (isOneThing && gap !== "-") return `${fraction(parts, "a").replace(/^an? |s$/g, "")} ${one}`;
    if (gap === "-") return `${fraction(parts, "one")} ${one}`;
    const a = /^(?:[aeiou]|hour)/.test(one) ? "an" : "a";
    return parts[1] === 2 ? `half ${a} ${one}` : `${fraction(parts, "a")} of ${a} ${one}`;
  };
  return [
    standing(
      rule(
        `(\\d{1,6})(?:\\s?([${FRACTION}])|[ -](\\d{1,2}[/⁄]\\d{1,3})(?![\\d/]))${unit}`,
        ([, whole = "", sign, pair, gap, name, point], { text, end, before }) => {
          const parts = fractionOf(sign ?? pair ?? "");
          if (!parts) return undefined;
          const said = `${cardinal(whole)} and ${fraction(parts, "a")}`;
          return named(
            said,
            name && units.name(name, gap === "-" || isAdjective(before, text, end) ? "1" : "many"),
            point,
            pointAt(text, end),
          );
        },
      ),
    ),
    standing(
      rule(
        `([${FRACTION}]|\\d{1,2}[/⁄]\\d{1,3}(?![\\d/]))(?:(?:nd|rd|th)s?(?!\\p{L}))?${unit}`,
        ([, pair = "", gap = "", name, point], { text, end, before }) => {
          const parts = fractionOf(pair);
          if (!parts) return undefined;
          const isHalfOf =
            parts[1] === 2 &&
            name === undefined &&
            /^ \p{Ll}/u.test(text.slice(end, end + 2)) &&
            !/\p{Lu} $/u.test(before);
          if (isHalfOf) return "half";
          return `${part(parts, gap, name, before)}${point ? pointAt(text, end) : ""}`;
        },
      ),
    ),
    standing(
      rule("(\\d{1,4})\\s?/\\s?(\\d{1,4})(?![\\d/])", ([, one = "", other = ""], { before, text, end }) => {
        const isList = /: $/.test(before);
        const isName = DATES_AS_NAMES.has(`${one}/${other}`) || (one === other && !isList);
        const isSum = /^\s*=/.test(text.slice(end, end + 4));
        const word = isSum
          ? " divided by"
          : isName
            ? ""
            : /\b[Rr]anges?:? $/.test(before)
              ? " to"
              : Number(one) > Number(other)
                ? " over"
                : " of";
        return `${cardinal(one)}${word} ${cardinal(other)}`;
      }),
    ),
  ];
}
