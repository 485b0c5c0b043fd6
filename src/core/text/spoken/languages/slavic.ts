import { toOrdinal as polishOrdinal } from "n2words/pl-PL";
import { toOrdinal as russianOrdinal } from "n2words/ru-RU";
import { monthsOf } from "./dates.ts";
import { polishFraction, russianFraction } from "./fractions.ts";
import { type Notation, SPACED, slavic } from "./notation.ts";

const POLISH_MONTHS =
  "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia";
const RUSSIAN_MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря";
const polishMonth = monthsOf(POLISH_MONTHS.replaceAll("|", " "));
const russianMonth = monthsOf(RUSSIAN_MONTHS.replaceAll("|", " "));
const BEHIND_MONTH = new RegExp(`(?:${RUSSIAN_MONTHS}) $`, "u");
const END = "(?![\\p{L}\\p{N}])";

/** All words of a Polish ordinal, in another case: -y and -i give way to `ending`. */
function polish(value: number, ending: "ego" | "ej" | "a" | "m" | ""): string {
  const nominative = polishOrdinal(value);
  if (ending === "") return nominative;
  const forWomen = nominative.replace(/gi(?= |$)/g, "gy");
  return (ending === "a" ? forWomen : nominative).replace(/([yi])(?= |$)/g, (vowel) =>
    ending === "m" ? `${vowel}m` : vowel === "i" ? `i${ending}` : ending,
  );
}

/** Of a year one does not say "one thousand". */
function inRussian(value: number): string {
  return russianOrdinal(value).replace(/^одна тысяча /, "тысяча ");
}

/** The last word of a Russian ordinal, in another case. */
function russian(value: number, [hard, soft]: readonly [hard: string, soft: string]): string {
  return inRussian(value).replace(/(?:ый|ой|ий)$/, (ending) => (ending === "ий" ? soft : hard));
}

const GENITIVE = ["ого", "ьего"] as const;
const PREPOSITIONAL = ["ом", "ьем"] as const;
const FEMININE = ["ая", "ья"] as const;
const MANY = ["ые", "ьи"] as const;
const NEUTER = ["ое", "ье"] as const;

/** Of a century, by the ending of the word behind it. */
const CENTURY: Readonly<Record<string, readonly [string, string] | undefined>> = {
  "": undefined,
  а: GENITIVE,
  е: PREPOSITIONAL,
  у: ["ому", "ьему"],
  ом: ["ым", "ьим"],
};

const COINS: Readonly<Record<string, readonly [string, string, string]>> = {
  "₽": ["рубль", "рубля", "рублей"],
  $: ["доллар", "доллара", "долларов"],
  "€": ["евро", "евро", "евро"],
  "£": ["фунт", "фунта", "фунтов"],
  CHF: ["франк", "франка", "франков"],
};
const POLISH_COINS: Readonly<Record<string, readonly [string, string, string]>> = {
  zł: ["złoty", "złote", "złotych"],
  $: ["dolar", "dolary", "dolarów"],
  "€": ["euro", "euro", "euro"],
  "£": ["funt", "funty", "funtów"],
  CHF: ["frank", "franki", "franków"],
};

export const polishNotation: Notation = {
  time: (hour, minute, before) => {
    const isOblique = /(?:^|[^\p{L}])(?:[Oo]|[Oo]d|[Dd]o|[Pp]o|[Pp]rzed|[Oo]koło)\s$/u.test(before);
    const said = hour === 0 ? (isOblique ? "zerowej" : "zerowa") : polish(hour, isOblique ? "ej" : "a");
    return minute === 0 ? said : `${said} ${minute < 10 ? "zero " : ""}${minute}`;
  },
  groups: SPACED,
  to: "do",
  coin: (sign, whole) =>
    Object.hasOwn(POLISH_COINS, sign)
      ? slavic(whole, POLISH_COINS[sign] as readonly [string, string, string], true)
      : undefined,
  joinsCents: " ",
  large: {
    names: {
      "tys.": ["tysiąc", "tysiące", "tysięcy"],
      mln: ["milion", "miliony", "milionów"],
      mld: ["miliard", "miliardy", "miliardów"],
    },
    of: (coins) => coins,
  },
  regnal: (value, name) => polish(value, name.endsWith("a") ? "a" : ""),
  ordinals: [
    {
      pattern: `(\\d{1,2})\\.?(?= (?:${POLISH_MONTHS})${END})`,
      say: (value) => (value > 0 ? polish(value, "ego") : undefined),
    },
    { pattern: "(\\d{1,3})\\.(?= \\p{Ll})", say: (value) => (value > 0 ? polish(value, "") : undefined) },
    { pattern: `([IVXLC]{1,6})(?= wiek${END})`, say: (value) => polish(value, "") },
    {
      pattern: `([IVXLC]{1,6})(?= wieku${END})`,
      say: (value, _, before) => polish(value, /(?:^|[^\p{L}])[Ww]e? $/u.test(before) ? "m" : "ego"),
    },
  ],
  signs: {
    plus: "plus",
    minus: "minus",
    times: "razy",
    about: "około",
    power: "do potęgi",
    per: (thing) => `na ${thing}`,
    perHour: "na godzinę",
    often: "razy",
    ratio: "do",
    equals: "równa się",
    over: "podzielić przez",
    plusMinus: "plus minus",
    perMille: "promili",
    and: "i",
    number: "numer",
    at: "małpa",
    dot: "kropka",
    raised: ["do kwadratu", "do sześcianu"],
    root: "pierwiastek z",
    least: "co najmniej",
    most: "najwyżej",
  },
  of: "z",
  fraction: polishFraction,
  dates: {
    mark: ".",
    say: (day, month, year) =>
      `${polish(day, "ego")} ${polishMonth(month)}${year === undefined ? "" : ` ${polish(year, "ego")} roku`}`,
  },
  short: {
    "np.": "na przykład",
    "itd.": "i tak dalej",
    "tzn.": "to znaczy",
    "tj.": "to jest",
    "ok.": "około",
    "p.n.e.": "przed naszą erą",
    "n.e.": "naszej ery",
    nr: "numer",
    "s.#": "strona",
    "ul.": "ulica",
  },
};

export const russianNotation: Notation = {
  time: (hour, minute) => {
    const hours = `${hour} ${slavic(hour, ["час", "часа", "часов"])}`;
    return minute === 0 ? hours : `${hours} ${minute} ${slavic(minute, ["минута", "минуты", "минут"])}`;
  },
  hourWord: "\\s?(?:часов|часа|час|ч\\.)",
  groups: SPACED,
  to: "до",
  coin: (sign, whole) =>
    Object.hasOwn(COINS, sign) ? slavic(whole, COINS[sign] as readonly [string, string, string]) : undefined,
  joinsCents: " ",
  large: {
    names: {
      "тыс.": ["тысяча", "тысячи", "тысяч"],
      млн: ["миллион", "миллиона", "миллионов"],
      млрд: ["миллиард", "миллиарда", "миллиардов"],
    },
    of: (coins) => coins,
  },
  regnal: (value, name) => (/[ая]$/u.test(name) ? russian(value, FEMININE) : russianOrdinal(value)),
  ordinals: [
    {
      pattern: `(\\d{1,2})(?= (?:${RUSSIAN_MONTHS})${END})`,
      say: (value) => (value > 0 ? russian(value, GENITIVE) : undefined),
    },
    {
      pattern: "(\\d{3,4})\\s?г\\.(?! ?[\\p{Lu}]\\.)",
      say: (value, _, before) => {
        if (/(?:^|[^\p{L}])[Вв]о? $/u.test(before)) return `${russian(value, PREPOSITIONAL)} году`;
        return BEHIND_MONTH.test(before) ? `${russian(value, GENITIVE)} года` : `${inRussian(value)} год`;
      },
    },
    { pattern: `(\\d{1,4})\\s?году${END}`, say: (value) => `${russian(value, PREPOSITIONAL)} году` },
    {
      pattern: `(\\d{1,4})\\s?года${END}`,
      say: (value, _, before) =>
        value > 99 || /мая|ря|ля|та|ня|ста $/u.test(before) ? `${russian(value, GENITIVE)} года` : undefined,
    },
    {
      pattern: "([IVXLC]{1,6})\\sв\\.",
      say: (value, _, before) =>
        /(?:^|[^\p{L}])[Вв]о? $/u.test(before)
          ? `${russian(value, PREPOSITIONAL)} веке`
          : `${russianOrdinal(value)} век`,
    },
    {
      pattern: `([IVXLC]{1,6})(?= век(а|е|у|ом|)${END})`,
      say: (value, [, , ending = ""]) => {
        const inCase = CENTURY[ending];
        return inCase ? russian(value, inCase) : russianOrdinal(value);
      },
    },
    {
      pattern: `(\\d{1,4})-(й|я|е|го|м|му|ой)${END}`,
      say: (value, [, , ending]) => {
        if (ending === "й") return russianOrdinal(value);
        if (ending === "я") return russian(value, FEMININE);
        // 80-е годы
        if (ending === "е") return russian(value, value > 9 && value % 10 === 0 ? MANY : NEUTER);
        if (ending === "го") return russian(value, GENITIVE);
        if (ending === "м") return russian(value, PREPOSITIONAL);
        return ending === "ой" ? russian(value, ["ой", "ьей"]) : russian(value, ["ому", "ьему"]);
      },
    },
  ],
  signs: {
    plus: "плюс",
    minus: "минус",
    times: "умножить на",
    about: "около",
    power: "в степени",
    per: (thing) => `в ${thing}`,
    perHour: "в час",
    often: "раз",
    ratio: "к",
    equals: "равно",
    over: "разделить на",
    plusMinus: "плюс минус",
    perMille: "промилле",
    and: "и",
    number: "номер",
    at: "собака",
    dot: "точка",
    raised: ["в квадрате", "в кубе"],
    root: "корень из",
    least: "не менее",
    most: "не более",
  },
  of: "из",
  fraction: russianFraction,
  dates: {
    mark: ".",
    say: (day, month, year) =>
      `${russian(day, GENITIVE)} ${russianMonth(month)}${year === undefined ? "" : ` ${russian(year, GENITIVE)} года`}`,
  },
  short: {
    "т.е.": "то есть",
    "т.д.": "так далее",
    "т.п.": "тому подобное",
    "напр.": "например",
    "н.э.": "нашей эры",
    "ок.": "около",
    "г-н": "господин",
    "г-жа": "госпожа",
    "ул.": "улица",
    "с.#": "страница",
    "гг.": "годы",
    "руб.": "рублей",
    "коп.": "копеек",
    "тыс.": "тысяч",
    млн: "миллионов",
    млрд: "миллиардов",
    "№": "номер",
    "тел.": "телефон",
    "Тел.": "Телефон",
  },
};
