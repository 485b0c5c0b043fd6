import { toOrdinal as germanOrdinal } from "n2words/de-DE";
import { toOrdinal as spanishOrdinal } from "n2words/es-ES";
import { toOrdinal as frenchOrdinal } from "n2words/fr-FR";
import { toOrdinal as italianOrdinal } from "n2words/it-IT";
import { toOrdinal as polishOrdinal } from "n2words/pl-PL";
import { toOrdinal as portugueseOrdinal } from "n2words/pt-PT";
import { toOrdinal as russianOrdinal } from "n2words/ru-RU";
import type { Notation } from "./notation.ts";

type Say = Notation["fraction"];

interface Words {
  /** Half by itself and behind a whole number, between the two, one third, many, one quarter, many. */
  words: string;
  /** Half, and half behind a whole number, of what is of women; and how that begins. */
  ofWomen?: readonly [half: string, behind: string, noun: RegExp];
  /** Where 1½ is a word. */
  oneAndHalf?: string;
  /** Fifths and smaller ones. */
  part: (of: number, count: number) => string;
  /** One of these. */
  one: string;
  /** Two of them, where that is no digit. */
  two?: string;
}

/** Parts in one language: `3/4` is 3 of the last. Of the smallest only one is said so. */
function fractionIn({ words, ofWomen, oneAndHalf, part, one: single, two }: Words): Say {
  const [half, behind, joins, third = "", thirds = "", quarter = "", quarters = ""] = words.split("|");
  return (count, of, whole, noun) => {
    if (of > 10) return undefined;
    if (of === 2) {
      const [forWomen, behindForWomen] = ofWomen?.[2].test(noun) ? ofWomen : [half, behind];
      if (whole === undefined) return forWomen;
      return whole === "1" && oneAndHalf ? oneAndHalf : `${whole}${behindForWomen}`;
    }
    const [one, many] =
      of === 3
        ? [third, thirds]
        : of === 4
          ? [quarter, quarters]
          : [`${single} ${part(of, 1)}`, part(of, count)];
    const said = count === 1 ? one : `${count === 2 && two ? two : count} ${many}`;
    return `${whole === undefined ? "" : whole + joins}${said}`;
  };
}

function withEnding(word: string, ending: RegExp, other: string): string {
  return word.replace(ending, other);
}

export const germanFraction: Say = fractionIn({
  words: "ein halb| einhalb| und |ein Drittel|Drittel|ein Viertel|Viertel",
  ofWomen: ["eine halbe", " einhalb", /^ \p{Lu}\p{Ll}+e(?!\p{L})/u],
  oneAndHalf: "eineinhalb",
  part: (of) => {
    const word = germanOrdinal(of);
    return `${word.charAt(0).toUpperCase()}${word.slice(1)}l`;
  },
  one: "ein",
});
export const frenchFraction: Say = fractionIn({
  words: "un demi| et demi| et |un tiers|tiers|un quart|quarts",
  ofWomen: ["une demi", " et demie", /^ (?:heure|minute|seconde|livre|tonne|lieue|journée|bouteille|tasse)/],
  part: (of, count) => `${frenchOrdinal(of)}${count > 1 ? "s" : ""}`,
  one: "un",
});
export const spanishFraction: Say = fractionIn({
  words: "medio| y medio| y |un tercio|tercios|un cuarto|cuartos",
  ofWomen: ["media", " y media", /^ (?!d[ií]a)\p{Ll}+as?(?!\p{L})/u],
  part: (of, count) => `${spanishOrdinal(of)}${count > 1 ? "s" : ""}`,
  one: "un",
});
export const italianFraction: Say = fractionIn({
  words: "mezzo| e mezzo| e |un terzo|terzi|un quarto|quarti",
  ofWomen: ["mezza", " e mezza", /^ (?:\p{Ll}+a|ore|libbre|miglia|tonnellate|giornate)(?!\p{L})/u],
  part: (of, count) => withEnding(italianOrdinal(of), /o$/, count > 1 ? "i" : "o"),
  one: "un",
});
export const portugueseFraction: Say = fractionIn({
  words: "meio| e meio| e |um terço|terços|um quarto|quartos",
  ofWomen: ["meia", " e meia", /^ (?!dia)\p{Ll}+as?(?!\p{L})/u],
  part: (of, count) => `${portugueseOrdinal(of)}${count > 1 ? "s" : ""}`,
  one: "um",
});
export const polishFraction: Say = fractionIn({
  words: "pół| i pół| i |jedna trzecia|trzecie|jedna czwarta|czwarte",
  oneAndHalf: "półtora",
  part: (of, count) => withEnding(polishOrdinal(of), /y$/, count > 4 ? "ych" : count > 1 ? "e" : "a"),
  one: "jedna",
  two: "dwie",
});
export const russianFraction: Say = fractionIn({
  words: "половина| с половиной| и |одна треть|трети|одна четверть|четверти",
  oneAndHalf: "полтора",
  part: (of, count) => withEnding(russianOrdinal(of), /(?:ый|ой)$/, count > 1 ? "ых" : "ая"),
  one: "одна",
  two: "две",
});
