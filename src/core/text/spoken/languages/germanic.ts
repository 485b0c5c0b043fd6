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

const month = monthsOf("Januar Februar März April Mai Juni Juli August September Oktober November Dezember");

/** How a day of a month is said behind what stands before it: `am dritten`, `der dritte`, `dritter`. */
function dayOf(day: number, before: string): string {
  return `${toOrdinal(day)}${WEAK.test(before) ? "n" : ARTICLE.test(before) ? "" : "r"}`;
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
  }),
  joinsCents: " ",
  regnal: (value, name) => `${WOMAN.test(name) ? "die" : "der"} ${titled(toOrdinal(value))}`,
  hasOrdinalPoint: true,
  ordinals: [
    {
      // Am 3. Oktober, das 1. Kapitel
      pattern: "(\\d{1,3})\\.(?= \\p{Lu})",
      say: (value, _, before) =>
        value === 0 ? undefined : `${toOrdinal(value)}${WEAK.test(before) ? "n" : ""}`,
    },
    {
      // Der I. Weltkrieg, aber: Ludwig XIV.
      pattern: "([IVX]{1,6})\\.(?= \\p{Lu})",
      say: (value, _, before) =>
        ARTICLE.test(before) ? `${titled(toOrdinal(value))}${WEAK.test(before) ? "n" : ""}` : undefined,
    },
    {
      // Der 1., der 2. und der 3.
      pattern: "(\\d{1,3})\\.(?=,| (?:und|oder|bis)(?!\\p{L}))",
      say: (value, _, before) =>
        value > 0 && ARTICLE.test(before) ? `${toOrdinal(value)}${WEAK.test(before) ? "n" : ""}` : undefined,
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
      pattern: "(1[1-9]\\d0)er(?!\\p{L})",
      say: (value) => `${yearOf(value)}er`,
    },
  ],
  signs: { plus: "plus", minus: "minus", times: "mal", about: "etwa", power: "hoch", per: "pro" },
  of: "von",
  fraction: germanFraction,
  dates: { mark: ".", say: (day, of, year, before) => `${dayOf(day, before)} ${month(of)} ${yearOf(year)}` },
  short: {
    "z.B.": "zum Beispiel",
    "d.h.": "das heißt",
    "u.a.": "unter anderem",
    "u.U.": "unter Umständen",
    "s.o.": "siehe oben",
    "s.u.": "siehe unten",
    "o.ä.": "oder ähnliches",
    "i.d.R.": "in der Regel",
    "v.Chr.": "vor Christus",
    "n.Chr.": "nach Christus",
    "usw.": "und so weiter",
    "bzw.": "beziehungsweise",
    "ca.": "circa",
    "evtl.": "eventuell",
    "ggf.": "gegebenenfalls",
    "inkl.": "inklusive",
    "zzgl.": "zuzüglich",
    "sog.": "sogenannte",
    "vgl.": "vergleiche",
    "max.": "maximal",
    "Nr.": "Nummer",
    "Bd.#": "Band",
    "Kap.#": "Kapitel",
    "Abs.#": "Absatz",
    "S.#": "Seite",
    "Jh.": "Jahrhundert",
    "Mio.": "Millionen",
    "Mrd.": "Milliarden",
    "Dr.": "Doktor",
    "Prof.": "Professor",
    "Hr.": "Herr",
    "Fr.": "Frau",
    "St.": "Sankt",
    "Tel.": "Telefon",
    "§#": "Paragraf",
  },
};

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
