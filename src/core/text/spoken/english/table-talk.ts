import type { Rule, Saying } from "../rule.ts";
import { cardinal, fraction, fractionOf, plural } from "./numbers.ts";
import { rule, standing } from "./patterns.ts";
import { TABLE_UNITS } from "./units.ts";

const KEEP: Readonly<Record<string, string>> = {
  kh: "keep the highest",
  kl: "keep the lowest",
  k: "keep the highest",
  dh: "drop the highest",
  dl: "drop the lowest",
  d: "drop the lowest",
};
/** `kh3`, `dl1`; `adv` and `dis`; what explodes and what is rolled again. */
const MANNER =
  "(?:(kh|kl|dh|dl|k|d)(\\d{0,2})(?![\\p{L}\\d])|\\s?(adv|dis(?:adv)?)\\b|(!)(?=[+−>-])|r(?:o)?(\\d{1,2})(?![\\p{L}\\d]))?";
const BONUS = "((?:\\s?[+−–-]\\s?\\d{1,5}(?![\\dd.,]?\\d|d)(?!\\s?[–-]\\d)){0,4})";
const TIMES = "(?:\\s?[x×*]\\s?(\\d{1,5}))?";
/** What is rolled for. */
const COINS = "(?:\\s?([gsce]p)(?!\\p{L}))?";

function die(sides: string, isMany: boolean): string {
  if (sides === "%" || sides === "100") return isMany ? "d hundreds" : "d hundred";
  const words = cardinal(sides);
  return `d ${isMany ? plural(words) : words}`;
}

function roll(
  count: string,
  sides: string,
  [keep, kept, edge, isBursting, again, bonus = "", times, many, coins]: readonly (string | undefined)[],
): string {
  const dice = `${count === "" ? "" : `${cardinal(count)} `}${die(sides, many !== undefined)}`;
  const how = [
    keep === undefined
      ? ""
      : `, ${KEEP[keep]}${kept === undefined || kept === "" || kept === "1" ? "" : ` ${cardinal(kept)}`}${bonus || times ? "," : ""}`,
    edge === undefined ? "" : ` with ${edge === "adv" ? "advantage" : "disadvantage"}`,
    isBursting ? ", exploding" : "",
    again === undefined ? "" : `, rerolling ${plural(cardinal(again))}`,
  ].join("");
  return `${dice}${how}${signed(bonus)}${times === undefined ? "" : ` times ${cardinal(times)}`}${coins === undefined ? "" : ` ${TABLE_UNITS[coins]?.[1]}`}`;
}

/** ` + 3 - 1` in words. */
function signed(bonus: string): string {
  return bonus.replace(
    /\s?([+−–-])\s?(\d+)/g,
    (_, sign: string, number: string) => ` ${sign === "+" ? "plus" : "minus"} ${cardinal(number)}`,
  );
}

/** Dice, found at their count or at their sides: `2d6+3`, `d20`, `4d6kh3`, `d%`, `d6s`. */
export const DICE: readonly Rule[] = [
  standing(
    rule(
      `(\\d{1,3})\\s?[dD](\\d{1,4}|%)${MANNER}${BONUS}${TIMES}(s)?${COINS}(?![\\p{L}\\d])`,
      ([, count = "", sides = "", ...rest]) => roll(count, sides, rest),
    ),
  ),
  rule(
    `(\\d{1,4}|%)${MANNER}${BONUS}${TIMES}(s)?(?![\\p{L}\\d])`,
    ([, sides = "", ...rest], { before }): Saying => {
      // R2-D2 is a name.
      if (!/(?:^|[^\p{L}\p{N}])(?<!\p{L}\d{0,2}-)[dD]$/u.test(before)) return undefined;
      return { said: roll("", sides, rest), back: 1 };
    },
  ),
];

const HALF_OF = /(?:^|[^\p{L}])(?:HP|hp|Hp|XP|MP|hit points|SP|spell slots)\b:? ?$/u;

/** What stands before or behind a number at the table. */
export const SCORES: readonly Rule[] = [
  // HP 12/20, 12/20 HP, 3/5 charges
  standing(
    rule("(\\d{1,5})\\s?/\\s?(\\d{1,5})(?![\\d/])", ([, now = "", most = ""], { before, text, end }) => {
      const isPool =
        HALF_OF.test(before) ||
        /^ ?(?:HP|hp|XP|xp|MP|hit points|charges|slots|uses|spell slots|temp)\b/.test(
          text.slice(end, end + 16),
        );
      return isPool ? `${cardinal(now)} of ${cardinal(most)}` : undefined;
    }),
  ),
  // AC 15/17, with a shield or without
  standing(
    rule("(\\d{1,2})\\s?/\\s?(\\d{1,2})(?![\\d/])", ([, one = "", other = ""], { before }) =>
      /(?:^|[^\p{L}])(?:AC|DC):? ?$/u.test(before) ? `${cardinal(one)} or ${cardinal(other)}` : undefined,
    ),
  ),
  // CR ½ is a number, not half of something.
  standing(
    rule("(?:[½¼⅛]|1/[248](?!\\d))", ([written], { before }) => {
      const parts = fractionOf(written);
      return parts && /(?:^|[^\p{L}])CR:? ?$/u.test(before) ? fraction(parts, "one") : undefined;
    }),
  ),
  rule("(\\d{1,2})(?![\\d/]|[.,:]\\d|\\p{L})", ([, number = ""], { before }): Saying => {
    const [found, short = ""] =
      /(?:^|(?<=[^\p{L}\p{N}]))(nat|Nat|lvl|lv|Lvl|Lv|LVL|spd|Spd)\.? ?$/u.exec(before) ?? [];
    if (found === undefined) return undefined;
    return {
      said: `${/^nat$/i.test(short) ? "natural" : /^spd$/i.test(short) ? "speed" : "level"} ${cardinal(number)}`,
      back: found.length,
    };
  }),
];

/** Short forms of the six abilities. */
const ABILITIES: Readonly<Record<string, string>> = {
  STR: "strength",
  DEX: "dexterity",
  CON: "constitution",
  INT: "intelligence",
  WIS: "wisdom",
  CHA: "charisma",
};
/** These are words or something else by themselves. */
const ONLY_WITH_SCORE = /^(?:CON|INT)$/;
const SCORE_BEHIND = /^:?\s?(?:[\d(+−-]|STR|DEX|CON|INT|WIS|CHA|sav|check|mod|score|roll|throw|bonus|\/)/;

/** `STR 18 (+4)`, `DEX save`, `AC17` */
export const TABLE_CAPITALS: readonly Rule[] = [
  rule("(?:STR|DEX|CON|INT|WIS|CHA)(?!\\p{L})", ([short], { before, text, end }) => {
    if (/[\p{L}\p{N}]$/u.test(before)) return undefined;
    const isScored =
      SCORE_BEHIND.test(text.slice(end, end + 8)) ||
      /[/(] ?$|\b(?:and|or|STR|DEX|CON|INT|WIS|strength) $/.test(before);
    return ONLY_WITH_SCORE.test(short) && !isScored
      ? undefined
      : `${ABILITIES[short]}${/^\d/.test(text.slice(end, end + 1)) ? " " : ""}`;
  }),
  rule("(?:Str|Dex|Con|Int|Wis|Cha)(?=:? (?:sav|check|mod|score|roll|[+−-]?\\d))", ([short], { before }) =>
    /[\p{L}\p{N}]$/u.test(before) ? undefined : ABILITIES[short.toUpperCase()],
  ),
  // Flite takes AC17 for one word.
  rule("(?:AC|DC|CR|HP|XP|LVL|PP)(?=\\d)", ([short], { before }) =>
    /[\p{L}\p{N}]$/u.test(before) ? undefined : `${short === "LVL" ? "level" : short} `,
  ),
];

/** What short forms with a point stand for at the table. */
export const TABLE_SHORT: Readonly<Record<string, string>> = {
  Lvl: "level",
  lvl: "level",
  Lv: "level",
  lv: "level",
  adv: "advantage",
  Adv: "advantage",
  disadv: "disadvantage",
  init: "initiative",
  Init: "initiative",
  dmg: "damage",
  spd: "speed",
  Spd: "speed",
  Str: "strength",
  Dex: "dexterity",
  Con: "constitution",
  Wis: "wisdom",
  Cha: "charisma",
};

/** `roll with adv`, found at its last letter. */
export const ADVANTAGE: Rule = rule(
  "v(?![\\p{L}\\p{N}]|\\.\\s?[\\p{Ll}\\d+−(,;:)-])",
  (_, { before }): Saying => {
    const [found, dis] = /(?<=^|[^\p{L}\p{N}])([Dd]is)?[Aa]d$/u.exec(before) ?? [];
    return found === undefined ? undefined : { said: dis ? "disadvantage" : "advantage", back: found.length };
  },
);

export function isTableShortForm(word: string): boolean {
  return Object.hasOwn(TABLE_SHORT, word);
}

/** The point of such a short form. */
export const TABLE_SHORT_FORMS: Rule = rule("\\.", (_, { before, text, end }): Saying => {
  const word = /(?:^|[^\p{L}\p{N}.'’])([A-Za-z]{2,6})$/u.exec(before)?.[1] ?? "";
  if (!Object.hasOwn(TABLE_SHORT, word) || !/^\s?[\p{Ll}\d+−(,;:)-]/u.test(text.slice(end, end + 2)))
    return undefined;
  return { said: TABLE_SHORT[word] ?? word, back: word.length };
});
