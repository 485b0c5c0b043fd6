import { toCardinal, toOrdinal } from "n2words/de-DE";
import { counted, type Notation } from "./notation.ts";

const WEAK =
  /(?:^|[^\p{L}])(?:am|Am|vom|Vom|zum|Zum|dem|den|des|im|Im|beim|Beim|einem|einen|ab|seit|bis|jeden|diesem|diesen|seinem|ihrem|meinem|(?:in|an|auf|aus|bei|mit|nach|von|vor|zu|hinter|neben|über|unter|In|An|Auf|Aus|Bei|Mit|Nach|Von|Vor|Zu|Hinter|Neben|Über|Unter) der)\s$/u;
const ARTICLE = /(?:^|[^\p{L}])(?:[Dd](?:er|ie|as|em|en|es)|[Ii]m|[Aa]m|[Zz]um|[Vv]om|[Bb]eim)\s$/u;
const WOMAN = /(?:a|beth|ine|garet|trud|hild)$/u;
const YEAR_BEFORE =
  /(?:^|[^\p{L}])(?:[Jj]ahre?|seit|Seit|anno|Anno|um|Um|nach|vor|bis|ab|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Sommer|Winter|Herbst|Frühling|Frühjahr)\s$/u;

export const german: Notation = {
  time: (hour, minute) => `${hour} Uhr${minute === 0 ? "" : ` ${minute}`}`,
  hourWord: "\\s?Uhr\\b",
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
      // Im Jahr 1492
      pattern: "(1[1-9]\\d\\d)(?![\\p{L}\\d]|[.,:]\\d)",
      say: (value, _, before) => {
        if (!YEAR_BEFORE.test(before)) return undefined;
        const rest = value % 100;
        return `${toCardinal(Math.floor(value / 100))}hundert${rest === 0 ? "" : toCardinal(rest)}`;
      },
    },
  ],
};

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
