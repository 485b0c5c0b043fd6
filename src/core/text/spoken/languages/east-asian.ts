import { fractionOf } from "../english/numbers.ts";
import { romanValue } from "../roman.ts";
import type { Rule, RuleSet } from "../rule.ts";

/** What Chinese or Japanese says for notations that stand in it; words touch, so that nothing tells where one begins. */
interface EastAsian {
  time: (hour: number, minute: number) => string;
  coins: Readonly<Record<string, string>>;
  /** Between the ends of a range. */
  to: string;
  minus: string;
  /** Before degrees below zero. */
  below: string;
  plus: string;
  percent: (number: string) => string;
  /** By how they are written. */
  units: Readonly<Record<string, string>>;
  fraction: (parts: number, of: number, whole: string) => string;
  /** Between what there is and what there could be. */
  of: string;
}

const NUMBER = "\\d{1,3}(?:,\\d{3}){1,5}(?!\\d)(?:\\.\\d{1,3})?|\\d{1,12}(?:\\.\\d{1,3})?";
const RANGE = "[-–—~～〜]";
const TRIGGER = /[\d$€£¥￥½⅓⅔¼¾IVX+−-]/g;

const chinese: EastAsian = {
  time: (hour, minute) => `${hour}点${minute === 0 ? "" : `${minute < 10 ? "零" : ""}${minute}分`}`,
  coins: { "¥": "元", "￥": "元", $: "美元", "€": "欧元", "£": "英镑" },
  to: "到",
  minus: "减",
  below: "零下",
  plus: "加",
  percent: (number) => `百分之${number}`,
  units: {
    "km/h": "公里每小时",
    "m/s": "米每秒",
    km: "公里",
    m: "米",
    cm: "厘米",
    mm: "毫米",
    kg: "公斤",
    g: "克",
    "m²": "平方米",
    "m³": "立方米",
    "km²": "平方公里",
    l: "升",
    L: "升",
    ml: "毫升",
    "°C": "摄氏度",
    "℃": "摄氏度",
    "°F": "华氏度",
    "°": "度",
    ft: "英尺",
  },
  fraction: (parts, of, whole) => `${whole}${whole === "" ? "" : "又"}${of}分之${parts}`,
  of: "，上限",
};

const japanese: EastAsian = {
  time: (hour, minute) => `${hour}時${minute === 0 ? "" : `${minute}分`}`,
  coins: { "¥": "円", "￥": "円", $: "ドル", "€": "ユーロ", "£": "ポンド" },
  to: "から",
  minus: "マイナス",
  below: "マイナス",
  plus: "プラス",
  percent: (number) => `${number}パーセント`,
  units: {
    "km/h": "キロメートル毎時",
    "m/s": "メートル毎秒",
    km: "キロメートル",
    m: "メートル",
    cm: "センチメートル",
    mm: "ミリメートル",
    kg: "キログラム",
    g: "グラム",
    "m²": "平方メートル",
    "m³": "立方メートル",
    "km²": "平方キロメートル",
    l: "リットル",
    L: "リットル",
    ml: "ミリリットル",
    "°C": "度",
    "℃": "度",
    "°F": "華氏度",
    "°": "度",
    ft: "フィート",
  },
  fraction: (parts, of, whole) => `${whole}${whole === "" ? "" : "と"}${of}分の${parts}`,
  of: "、最大",
};

/** The rules of Chinese and Japanese. @param language its two letters */
export function eastAsianRules(language: string): RuleSet | undefined {
  const words = language === "ja" ? japanese : ["zh", "cmn", "yue"].includes(language) ? chinese : undefined;
  if (!words) return undefined;
  const numbers = [...datesAndTimes(words), ...dice(words), ...amounts(words), ...parts(words), range(words)];
  const signs = [minus(words), plus(words), coinInFront(words), ...parts(words)];
  return {
    find: (text, from) => {
      TRIGGER.lastIndex = from;
      return TRIGGER.exec(text)?.index ?? -1;
    },
    token: /\d[\d.,]*|[IVX]+/y,
    rulesAt: (char) => (/\d/.test(char) ? numbers : /[IVX]/.test(char) ? [numeral] : signs),
  };
}

/** A rule for what begins with a number, which is not the end of a longer one. */
function rule(source: string, say: (match: RegExpExecArray, before: string) => string | undefined): Rule {
  return {
    pattern: new RegExp(source, "uy"),
    say: (match, { before }) => (/[A-Za-z\d][.,:/-]?$/.test(before) ? undefined : say(match, before)),
  };
}

function datesAndTimes({ time, to }: EastAsian): Rule[] {
  const date = (month: string, day: string): string | undefined =>
    Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31
      ? `${Number(month)}月${Number(day)}日`
      : undefined;
  const clock = "([01]?\\d|2[0-4]):([0-5]\\d)";
  return [
    rule("(\\d{4})[-/](\\d{1,2})[-/](\\d{1,2})(?![\\d-])", ([, year, month = "", day = ""]) => {
      const said = date(month, day);
      return said && `${year}年${said}`;
    }),
    rule(
      `${clock}\\s?${RANGE}\\s?${clock}(?![\\d:])`,
      ([, hour, minute, toHour, toMinute]) =>
        `${time(Number(hour), Number(minute))}${to}${time(Number(toHour), Number(toMinute))}`,
    ),
    rule(`${clock}(?![\\d:])`, ([, hour, minute]) => time(Number(hour), Number(minute))),
  ];
}

function dice({ plus, minus }: EastAsian): Rule[] {
  return [
    rule("(\\d{0,3})([dD])(\\d{1,4})((?:\\s?[+−–-]\\s?\\d{1,5}(?![\\dd])){0,4})(?![A-Za-z\\d])", (match) => {
      const [, count, letter, sides, bonus = ""] = match;
      const sum = bonus.replace(/\s?([+−–-])\s?/g, (_, sign: string) => (sign === "+" ? plus : minus));
      return `${count} ${letter} ${sides}${sum}`;
    }),
  ];
}

function amounts({ units, percent, to, coins }: EastAsian): Rule[] {
  const names = Object.keys(units).sort((one, other) => other.length - one.length);
  const until = `(?:\\s?${RANGE}\\s?(${NUMBER}))?`;
  const ranged = (from: string, end: string | undefined): string =>
    end === undefined ? from : `${from}${to}${end}`;
  return [
    rule(
      `(${NUMBER})${until}\\s?(${names.join("|")})(?![A-Za-z²³/])`,
      ([, from = "", end, unit = ""]) => `${ranged(from, end)}${units[unit]}`,
    ),
    rule(`(${NUMBER})${until}\\s?[%％]`, ([, from = "", end]) => percent(ranged(from, end))),
    rule(`(${NUMBER})\\s?([€£])`, ([, number, sign = ""]) => `${number}${coins[sign]}`),
  ];
}

function parts({ fraction, of }: EastAsian): Rule[] {
  return [
    rule("(\\d{0,6})\\s?([½⅓⅔¼¾])", ([, whole = "", sign = ""]) => {
      const found = fractionOf(sign);
      return found && fraction(...found, whole);
    }),
    rule("(\\d{1,4})\\s?[/／]\\s?(\\d{1,4})(?![\\d/])", ([, one = "", other = ""], before) => {
      const found = /[A-Za-z]:? ?$/.test(before) ? undefined : fractionOf(`${one}/${other}`);
      if (found) return fraction(...found, "");
      const isDate = Number(one) >= 1 && Number(one) <= 12 && Number(other) > 0 && Number(other) <= 31;
      if (isDate && !/[A-Za-z:：值点力] ?$/u.test(before)) return `${Number(one)}月${Number(other)}日`;
      return Number(one) <= Number(other) ? `${one}${of}${other}` : undefined;
    }),
  ];
}

function range({ to }: EastAsian): Rule {
  return rule(
    `(${NUMBER})\\s?${RANGE}\\s?(${NUMBER})(?![\\d-]|[.,:/]\\d)`,
    ([, from, end]) => `${from}${to}${end}`,
  );
}

function coinInFront({ coins, to }: EastAsian): Rule {
  return {
    pattern: new RegExp(`([$€£¥￥])\\s?(${NUMBER})(?:${RANGE}(${NUMBER}))?([万亿億千]?)`, "uy"),
    say: ([, sign = "", number, end, large]) =>
      `${number}${end === undefined ? "" : `${to}${end}`}${large}${coins[sign]}`,
  };
}

function minus({ minus: word, below, units }: EastAsian): Rule {
  const degrees = Object.keys(units).filter((unit) => /[°℃]/.test(unit));
  const isDegrees = new RegExp(`^(?:${NUMBER})\\s?(?:${degrees.join("|")})`, "u");
  return {
    pattern: /[−–-]\s?(?=\d)/uy,
    say: ([sign], { before, text, end }) => {
      if (/\d\s?$/.test(before)) return sign.startsWith("−") || /\s$/.test(sign) ? word : undefined;
      if (/[A-Za-z)]$/.test(before) || /\s$/.test(sign)) return undefined;
      if (isDegrees.test(text.slice(end, end + 24))) return below;
      return word === "减" ? "负" : word;
    },
  };
}

function plus({ plus: word }: EastAsian): Rule {
  return { pattern: /\+\s?(?=\d)/uy, say: () => word };
}

/** 第IV章, エリザベスII世 */
const numeral: Rule = {
  pattern: /[IVX]{1,8}(?=[世章部卷巻集幕話话回节節])/uy,
  say: ([numeral], { before }) => {
    const value = /[A-Za-z]$/.test(before) ? undefined : romanValue(numeral);
    return value === undefined ? undefined : `${value}`;
  },
};
