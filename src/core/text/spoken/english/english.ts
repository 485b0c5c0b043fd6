import type { Rule, RuleSet } from "../rule.ts";
import { ABROAD, CODES, LINKS, MAIL } from "./addresses.ts";
import { DATES, FROM_NOON, TIMES, YEARS } from "./calendar.ts";
import { measures } from "./measures.ts";
import {
  COIN_SIGNS,
  MONEY,
  MONEY_BEHIND,
  MONEY_CODED,
  MONEY_LARGE,
  MONEY_SHORT,
  MONEY_WITH_COMMA,
  PENCE,
} from "./money.ts";
import { CAPITALS, DAYS_RANGE, SHORT_FORMS, SMALL_ROMAN, VERSUS } from "./names.ts";
import { FRACTION } from "./numbers.ts";
import { rule } from "./patterns.ts";
import { findPlace } from "./places.ts";
import { SIGNS } from "./signs.ts";
import { ADVANTAGE, DICE, SCORES, TABLE_CAPITALS, TABLE_SHORT_FORMS } from "./table-talk.ts";
import { TABLE_UNITS, type Unit, UnitTable } from "./units.ts";

const TOKEN = /\d[\d.,]*|[A-Z]+/y;

/** `.5` */
const POINT = rule("\\.(?=\\d)", (_, { before }) => (/(?:^|[\s(+−-])$/.test(before) ? "point " : undefined));

/** @param table.isOn whether dice, scores and coins are said as players say them; `units`: what else the table counts */
export function englishRules(table: { isOn: boolean; units?: Readonly<Record<string, Unit>> }): RuleSet {
  const units = new UnitTable({ ...(table.isOn ? TABLE_UNITS : {}), ...table.units });
  const ofTable = (rules: readonly Rule[]): readonly Rule[] => (table.isOn ? rules : []);
  const numbers = [
    ...ofTable(DICE),
    ...ofTable(SCORES),
    ...DATES,
    ...CODES,
    ...MONEY_WITH_COMMA,
    MONEY_LARGE,
    MONEY_BEHIND,
    MONEY_CODED,
    PENCE,
    ...TIMES,
    ...YEARS,
    ...measures(units),
  ];
  const capitals = [...ofTable(TABLE_CAPITALS), ...CAPITALS];
  const points = [...ofTable([TABLE_SHORT_FORMS]), ...SHORT_FORMS];
  const bySign = new Map<string, readonly Rule[]>(Object.entries(SIGNS));
  for (const sign of COIN_SIGNS) bySign.set(sign, [...MONEY_WITH_COMMA, MONEY, MONEY_SHORT]);
  for (const sign of FRACTION) bySign.set(sign, numbers);
  bySign.set("@", [MAIL, ...(SIGNS["@"] ?? [])]);
  bySign.set("+", [ABROAD, ...(SIGNS["+"] ?? [])]);
  bySign.set("%", ofTable(DICE));
  bySign.set(".", [POINT, ...points]);
  bySign.set("v", [VERSUS, ...ofTable([ADVANTAGE]), SMALL_ROMAN]);
  bySign.set("x", [...(SIGNS.x ?? []), SMALL_ROMAN]);
  for (const letter of "ilc") bySign.set(letter, [SMALL_ROMAN]);
  for (const dash of "-–") bySign.set(dash, [DAYS_RANGE, FROM_NOON, ...(SIGNS[dash] ?? [])]);
  bySign.set("(", CODES);
  bySign.set("h", LINKS);
  bySign.set("w", LINKS);
  return {
    find: findPlace,
    token: TOKEN,
    rulesAt: (char) => bySign.get(char) ?? (/\d/.test(char) ? numbers : capitals),
  };
}
