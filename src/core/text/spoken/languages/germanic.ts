import { toCardinal, toOrdinal } from "n2words/de-DE";
import { monthsOf } from "./dates.ts";
import { germanFraction } from "./fractions.ts";
import { counted, type Notation, SPACED } from "./notation.ts";

const WEAK =
  /(?:^|[^\p{L}])(?:am|Am|vom|Vom|zum|Zum|dem|den|des|im|Im|beim|Beim|einem|einen|ab|seit|bis|jeden|diesem|diesen|seinem|ihrem|meinem|(?:in|an|auf|aus|bei|mit|nach|von|vor|zu|hinter|neben|über|unter|In|An|Auf|Aus|Bei|Mit|Nach|Von|Vor|Zu|Hinter|Neben|Über|Unter) der)\s$/u;
const ARTICLE = /(?:^|[^\p{L}])(?:[Dd](?:er|ie|as|em|en|es)|[Ii]m|[Aa]m|[Zz]um|[Vv]om|[Bb]eim)\s$/u;
const WOMAN = /(?:a|beth|ine|garet|trud|hild)$/u;
const YEAR_BEFORE =
  /(?:^|[^\p{L}])(?:[Jj]ahre?|seit|Seit|anno|Anno|um|Um|nach|vor|bis|ab|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Sommer|Winter|Herbst|Frühling|Frühjahr)\s$/u;

const MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember";
const month = monthsOf(MONTHS.replaceAll("|", " "));

/** Whether a weak form follows; also behind another ordinal: `am 1. und 2. Tag`. */
function isWeak(before: string): boolean {
  return WEAK.test(before.replace(/(?:\d{1,3}\.,? ?(?:und |oder |bis |[–-] ?)?)+$/, ""));
}

/** Whether an article stands before it, or before others in the row: `das 1., 2. und 3. Tor`. */
function hasArticle(before: string): boolean {
  return ARTICLE.test(before.replace(/(?:\d{1,3}\.,? ?(?:und |oder )?)+$/, ""));
}

/** How a day of a month is said behind what stands before it: `am dritten`, `der dritte`, `dritter`. */
function dayOf(day: number, before: string): string {
  return `${toOrdinal(day)}${isWeak(before) ? "n" : ARTICLE.test(before) ? "" : "r"}`;
}

function yearOf(year: number): string {
  const rest = year % 100;
  if (year < 1100 || year > 1999) return `${year}`;
  return `${toCardinal(Math.floor(year / 100))}hundert${rest === 0 ? "" : toCardinal(rest)}`;
}

export const german: Notation = {
  time: (hour, minute) => `${hour} Uhr${minute === 0 ? "" : ` ${minute}`}`,
  hours: (hour) => (hour === 1 ? "eine Stunde" : `${hour} Stunden`),
  hourWord: "\\s?Uhr\\b",
  pointed: { before: /(?:^|[^\p{N}.])$/u, behind: "\\s?Uhr\\b" },
  groups: SPACED,
  to: "bis",
  coin: counted({
    $: ["Dollar", "Dollar"],
    "€": ["Euro", "Euro"],
    "£": ["Pfund", "Pfund"],
    "¥": ["Yen", "Yen"],
    CHF: ["Franken", "Franken"],
  }),
  joinsCents: " ",
  large: {
    names: {
      k: ["Tausend", "Tausend"],
      M: ["Million", "Millionen"],
      "Mio.": ["Million", "Millionen"],
      Mio: ["Million", "Millionen"],
      "Mrd.": ["Milliarde", "Milliarden"],
      Mrd: ["Milliarde", "Milliarden"],
    },
    of: (coins) => coins,
  },
  regnal: (value, name) => `${WOMAN.test(name) ? "die" : "der"} ${titled(toOrdinal(value))}`,
  hasOrdinalPoint: true,
  ordinals: [
    {
      // Vom 3.–7. Juni, 3. bis 5. August, die 3.–5. Tür
      pattern: `(\\d{1,3})\\.\\s?(?:[–—-]|bis)\\s?(\\d{1,3})\\.(?= (${MONTHS})?)(?= \\p{Lu})`,
      say: (value, [, , until = "", isDay], before) => {
        if (value === 0 || Number(until) === 0) return undefined;
        const said = (number: number): string =>
          isDay ? dayOf(number, before) : `${toOrdinal(number)}${isWeak(before) ? "n" : ""}`;
        return `${said(value)} bis ${said(Number(until))}`;
      },
    },
    {
      // 24.–26.12.
      pattern: "(\\d{1,2})\\.\\s?(?:[–—-]|bis)\\s?(\\d{1,2})\\.(\\d{1,2})\\.(?!\\d)",
      say: (day, [, , until = "", of = ""], before) =>
        day >= 1 && day < Number(until) && Number(until) <= 31 && month(Number(of)) !== ""
          ? `${dayOf(day, before)} bis ${dayOf(Number(until), before)} ${month(Number(of))}`
          : undefined,
    },
    {
      // Das XX. Jahrhundert
      pattern: "([IVX]{1,6})\\.(?= Jahrhundert)",
      say: (value, _, before) =>
        `${toOrdinal(value)}${isWeak(before) ? "n" : ARTICLE.test(before) ? "" : "s"}`,
    },
    {
      // Montag, 5. Mai
      pattern: `(\\d{1,2})\\.(?= (?:${MONTHS})(?!\\p{L}))`,
      say: (value, _, before) => (value > 0 ? dayOf(value, before) : undefined),
    },
    {
      // Am 3. Oktober, das 1. Kapitel
      pattern: "(\\d{1,3})\\.(?= \\p{Lu})",
      say: (value, _, before) =>
        value === 0 ? undefined : `${toOrdinal(value)}${isWeak(before) ? "n" : ""}`,
    },
    {
      // Der I. Weltkrieg, aber: Ludwig XIV.
      pattern: "([IVX]{1,6})\\.(?= \\p{Lu})",
      say: (value, _, before) =>
        // XIV. Legion, but not: Ludwig XIV.
        ARTICLE.test(before) || !/\p{L} $/u.test(before)
          ? `${titled(toOrdinal(value))}${WEAK.test(before) ? "n" : ""}`
          : undefined,
    },
    {
      // Der 1., der 2. und der 3.
      pattern: "(\\d{1,3})\\.(?=,| (?:und|oder|bis)(?!\\p{L}))",
      say: (value, _, before) =>
        value > 0 && hasArticle(before) ? `${toOrdinal(value)}${WEAK.test(before) ? "n" : ""}` : undefined,
    },
    {
      // Im Jahr 1492
      pattern: "(1[1-9]\\d\\d)(?![\\p{L}\\d]|[.,:]\\d)",
      say: (value, _, before) => (YEAR_BEFORE.test(before) ? yearOf(value) : undefined),
    },
    {
      // Am 5.12. ist Markt.
      pattern: "(\\d{1,2})\\.(\\d{1,2})\\.(?!\\d)",
      say: (day, [, , of = ""], before) => {
        const isDate = day >= 1 && day <= 31 && Number(of) >= 1 && Number(of) <= 12;
        return isDate ? `${dayOf(day, before)} ${month(Number(of))}` : undefined;
      },
    },
    {
      // Die 1980er
      pattern: "(1[1-9]\\d\\d)er(?!\\p{L})",
      say: (value) => `${yearOf(value)}er`,
    },
  ],
  signs: {
    plus: "plus",
    minus: "minus",
    times: "mal",
    about: "etwa",
    power: "hoch",
    per: (thing) => `pro ${thing}`,
    perHour: "pro Stunde",
    often: "mal",
    ratio: "zu",
    equals: "gleich",
    over: "durch",
    plusMinus: "plus minus",
    perMille: "Promille",
    and: "und",
    number: "Nummer",
    at: "ät",
    dot: "Punkt",
    raised: ["Quadrat", "hoch 3"],
    root: "Wurzel aus",
    least: "mindestens",
    most: "höchstens",
  },
  of: "von",
  fraction: germanFraction,
  dates: {
    mark: ".",
    say: (day, of, year, before) =>
      `${dayOf(day, before)} ${month(of)}${year === undefined ? "" : ` ${yearOf(year)}`}`,
  },
  short: {
    "z.B.": "zum Beispiel",
    "d.h.": "das heißt",
    "u.a.": "unter anderem",
    "v.Chr.": "vor Christus",
    "n.Chr.": "nach Christus",
    "v.u.Z.": "vor unserer Zeitrechnung",
    "u.Z.": "unserer Zeitrechnung",
    "usw.": "und so weiter",
    "etc.": "et cetera",
    "u.Ä.": "und Ähnliches",
    "o.Ä.": "oder Ähnliches",
    "u.ä.": "und Ähnliches",
    "o.ä.": "oder Ähnliches",
    "z.T.": "zum Teil",
    "z.Zt.": "zur Zeit",
    "i.d.R.": "in der Regel",
    "u.U.": "unter Umständen",
    "s.o.": "siehe oben",
    "s.u.": "siehe unten",
    "vgl.": "vergleiche",
    "Vgl.": "Vergleiche",
    "bspw.": "beispielsweise",
    "mind.": "mindestens",
    "max.": "maximal",
    "min.": "minimal",
    "zzgl.": "zuzüglich",
    "exkl.": "exklusive",
    "geb.": "geboren",
    "gest.": "gestorben",
    "bzw.": "beziehungsweise",
    "ca.": "circa",
    "Ca.": "Circa",
    "Str.#": "Straße",
    "Lvl.#": "Level",
    "Lv.#": "Level",
    "evtl.": "eventuell",
    "ggf.": "gegebenenfalls",
    "inkl.": "inklusive",
    "Nr.": "Nummer",
    "Kap.#": "Kapitel",
    "Abs.#": "Absatz",
    "S.#": "Seite",
    "Art.#": "Artikel",
    "Abb.#": "Abbildung",
    "Bd.#": "Band",
    "Jh.": "Jahrhundert",
    "Jhd.": "Jahrhundert",
    "Tsd.": "Tausend",
    "Std.": "Stunden",
    "Hr.": "Herr",
    "Hrn.": "Herrn",
    "Fr.": "Frau",
    "Mio.": "Millionen",
    "Mrd.": "Milliarden",
    "Dr.": "Doktor",
    "Prof.": "Professor",
    "St.": "Sankt",
    "Tel.": "Telefon",
    "§#": "Paragraf",
  },
};

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
