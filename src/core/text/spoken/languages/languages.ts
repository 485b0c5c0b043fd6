import { romanValue } from "../roman.ts";
import type { Context, Rule, RuleSet } from "../rule.ts";
import { dateRules } from "./dates.ts";
import { diceRules } from "./dice.ts";
import { eastAsianRules } from "./east-asian.ts";
import { french } from "./french.ts";
import { german } from "./germanic.ts";
import { italian } from "./italian.ts";
import { moneyRules } from "./money.ts";
import type { Notation } from "./notation.ts";
import { portuguese } from "./portuguese.ts";
import { shortForms } from "./short-forms.ts";
import { fractionRules, signRules } from "./signs.ts";
import { polishNotation, russianNotation } from "./slavic.ts";
import { spanish } from "./spanish.ts";
import { UNITS, unitRule } from "./units.ts";

const NOTATIONS: Readonly<Record<string, Notation>> = {
  de: german,
  fr: french,
  es: spanish,
  it: italian,
  pt: portuguese,
  pl: polishNotation,
  ru: russianNotation,
};

/** Where something may be written that is said otherwise. */
const TRIGGER = "[\\d$€£¥₽IVXLC½¼¾⅓⅔×%~=÷±‰&@#√≥≤²³]|\\+\\+|[−–-](?=\\s?\\d)|\\+(?=\\s?\\d)|(?<=\\p{L})\\.";
const TOKEN = /\d[\d.,]*|[IVXLC]+/uy;
/** The same in short. */
const COUNTER_SHORT = /(?:^|[^\p{L}])(?:[Kk]ap|Bd|Abb|[Cc]hap|ch|[Cc]ap|[Vv]ol|fig|art|pp?|t)\. ?$/u;
const NAME = /(?:^|[^\p{L}])(\p{L}\p{Ll}+) $/u;
/** What is counted by Roman numerals. */
const COUNTER =
  /^(?:Kapitel|Typ|Type|Tipo|Stufe|Phase|Klasse|Niveau|Nivel|Livello|Teil|Band|Akt|Szene|Buch|Weltkrieg|Chapitre|Tome|Acte|Scène|Livre|Partie|Capítulo|Parte|Tomo|Acto|Libro|Capitolo|Atto|Rozdział|Część|Tom|Księga|Глава|Часть|Том|Акт|Книга)$/iu;

/**
 * The rules of a language other than English: what engines get wrong there; all else they read by themselves.
 * @param language its two letters
 * @returns undefined where no rules are known
 */
export function rulesOf(language: string): RuleSet | undefined {
  const notation = Object.hasOwn(NOTATIONS, language) ? NOTATIONS[language] : undefined;
  if (!notation) return eastAsianRules(language);
  const units = UNITS[language];
  const { pointed, bare, begins } = shortForms(notation.short);
  const numbers = [
    ...diceRules(notation),
    ...dateRules(notation),
    ...ordinalsOf(notation),
    ...moneyRules(notation),
    ...timesOf(notation),
    ...(units ? [unitRule(units, notation)] : []),
    ...fractionRules(notation, units?.names),
    rangeOf(notation),
    ...(notation.groups === undefined ? [] : [groupsOf(notation.groups)]),
  ];
  const numerals = [...ordinalsOf(notation), ...numeralsOf(notation)];
  const bySign = new Map<string, readonly Rule[]>(Object.entries(signRules(notation)));
  bySign.set(".", [pointed]);
  bySign.set("%", diceRules(notation));
  const words = bare ? [bare, ...numerals] : numerals;
  const trigger = new RegExp(begins === "" ? TRIGGER : `${TRIGGER}|(?<!\\p{L})(?:${begins})`, "gu");
  return {
    find: (text, from) => {
      trigger.lastIndex = from;
      return trigger.exec(text)?.index ?? -1;
    },
    token: TOKEN,
    rulesAt: (char) => bySign.get(char) ?? (/[\d$€£¥₽½¼¾⅓⅔]/.test(char) ? numbers : words),
  };
}

function isTouched(before: string): boolean {
  return /[\p{L}\p{N}_]$|\p{N}[.,:/]$/u.test(before);
}

function ordinalsOf({ ordinals }: Notation): Rule[] {
  return ordinals.map(({ pattern, say }) => ({
    pattern: new RegExp(pattern, "uy"),
    say: (match, { before }) => {
      const [, number = ""] = match;
      const value = /^\d/.test(number) ? Number(number) : romanValue(number);
      return value === undefined || isTouched(before) ? undefined : say(value, match, before);
    },
  }));
}

function timesOf({ time, hours: ofHours, hourWord, pointed, to }: Notation): Rule[] {
  const hour = "([01]?\\d|2[0-4])";
  const behind = hourWord === undefined ? "" : `(?:${hourWord})?`;
  const clock = `${hour}:([0-5]\\d)`;
  const say: Rule["say"] = ([, hours, minutes], { before }) =>
    isTouched(before) ? undefined : time(Number(hours), Number(minutes), before);
  const hoursOf = (hours: string, minutes: string | undefined, before: string): string =>
    minutes === undefined && ofHours !== undefined
      ? ofHours(Number(hours))
      : time(Number(hours), Number(minutes ?? 0), before);
  return [
    {
      pattern: new RegExp(`${clock}\\s?[–—-]\\s?${clock}(?![\\d:])${behind}`, "uy"),
      say: ([, hours, minutes, toHours, toMinutes], { before }) =>
        isTouched(before)
          ? undefined
          : `${time(Number(hours), Number(minutes), before)} ${to} ${time(Number(toHours), Number(toMinutes), before)}`,
    },
    { pattern: new RegExp(`${clock}(?![\\d:])${behind}`, "uy"), say },
    ...(pointed === undefined
      ? []
      : [
          {
            pattern: new RegExp(`${hour}\\.([0-5]\\d)(?!\\d|\\.\\d)${pointed.behind}`, "uy"),
            say: (match: RegExpExecArray, context: Context) =>
              pointed.before.test(context.before) ? say(match, context) : undefined,
          },
        ]),
    {
      pattern: new RegExp(
        `${hour}(\\s?h\\s?([0-5]\\d)?)?\\s?[–—-]\\s?${hour}\\s?h\\s?([0-5]\\d)?(?![\\p{L}\\d])`,
        "uy",
      ),
      say: ([, from = "", mark, minutes, until = "", untilMinutes], { before }) => {
        if (isTouched(before)) return undefined;
        const first = mark === undefined ? from : hoursOf(from, minutes, before);
        return `${first} ${to} ${hoursOf(until, untilMinutes, before)}`;
      },
    },
    {
      pattern: new RegExp(`${hour}(\\s?h)\\s?(?:([0-5]\\d)(\\s?min\\b)?)?(?![\\p{L}\\d])`, "uy"),
      say: ([, hours = "", mark = "", minutes, unit], { before }) => {
        if (isTouched(before)) return undefined;
        // 1 h 30 min lasts, and is no time of day.
        if (unit !== undefined && ofHours !== undefined)
          return { said: ofHours(Number(hours)), length: hours.length + mark.length };
        return hoursOf(hours, minutes, before);
      },
    },
  ];
}

function rangeOf({ to }: Notation): Rule {
  return {
    pattern: /(\d{1,6}(?:[.,]\d{1,3})?)\s?[–—-]\s?(\d{1,6}(?:[.,]\d{1,3})?)(?![\d-]|[.,:/]\d)/uy,
    say: ([all, from = "", end], { before }) =>
      isTouched(before) ||
      /\d[–-]$/.test(before) ||
      /^0\d/.test(from) ||
      (all.includes(" ") && all.includes("-"))
        ? undefined
        : `${from} ${to} ${end}`,
  };
}

/** `12 345`: one number, but for where digits are dialled. */
function groupsOf(groups: string): Rule {
  return {
    pattern: new RegExp(groups, "uy"),
    say: ([number], { before }) =>
      isTouched(before) || /[+\d-] ?$/u.test(before) ? undefined : number.replace(/\D/g, ""),
  };
}

function numeralsOf({ regnal, hasOrdinalPoint }: Notation): Rule[] {
  return [
    {
      pattern: /([IVXLC]{1,8})(?![\p{L}\p{N}])(\.?)/uy,
      say: ([, numeral = "", point], { before, text, end }) => {
        const [, name = ""] = NAME.exec(before) ?? [];
        const value = romanValue(numeral);
        const isShort = COUNTER_SHORT.test(before);
        if ((name === "" && !isShort) || value === undefined) return undefined;
        const isCounted = isShort || COUNTER.test(name);
        if (!isCounted && !/^\p{Lu}/u.test(name)) return undefined;
        const said = isCounted ? `${value}` : regnal?.(value, name);
        // Where the sentence ends, the point of an ordinal ends that, too.
        const isOver = !hasOrdinalPoint || /^["”’»“]*$/u.test(text.slice(end, end + 4));
        return said === undefined ? undefined : `${said}${point && isOver ? "." : ""}`;
      },
    },
  ];
}
