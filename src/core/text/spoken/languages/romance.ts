import { toOrdinal as spanishOrdinal } from "n2words/es-ES";
import { toOrdinal as frenchOrdinal } from "n2words/fr-FR";
import { toOrdinal as italianOrdinal } from "n2words/it-IT";
import { toOrdinal as portugueseOrdinal } from "n2words/pt-PT";
import { counted, type Notation, type OrdinalMark } from "./notation.ts";

const END = "(?![\\p{L}\\p{N}])";

/** Romance ordinals end in -o for men and in -a for women, in each of their words. */
function marked(ordinal: (value: number) => string): OrdinalMark {
  return {
    pattern: `(\\d{1,4})\\.?([ºª°])${END}`,
    say: (value, [, , mark]) =>
      value === 0 ? undefined : mark === "ª" ? ordinal(value).replace(/o\b/g, "a") : ordinal(value),
  };
}

/** `siglo XIX`: ordinals up to the tenth. @param before the word in front of it, as a pattern */
function ofCentury(before: RegExp, ordinal: (value: number) => string): OrdinalMark {
  return {
    pattern: `([IVXLC]{1,6})${END}`,
    say: (value, _, text) => (before.test(text) ? (value > 10 ? `${value}` : ordinal(value)) : undefined),
  };
}

/** From the eleventh on kings are counted by cardinals. */
function ofKing(ordinal: (value: number) => string, value: number, name: string): string {
  if (value > 10) return `${value}`;
  return /(?:a|bel)$/u.test(name) ? ordinal(value).replace(/o\b/g, "a") : ordinal(value);
}

export const french: Notation = {
  time: (hour, minute) => `${hour} ${hour > 1 ? "heures" : "heure"}${minute === 0 ? "" : ` ${minute}`}`,
  hourWord: "\\s?(?:heures?|h)\\b",
  to: "à",
  coin: counted({
    $: ["dollar", "dollars"],
    "€": ["euro", "euros"],
    "£": ["livre", "livres"],
    "¥": ["yen", "yens"],
  }),
  joinsCents: " ",
  regnal: (value, name) => (value > 1 ? `${value}` : /(?:e|a)$/u.test(name) ? "première" : "premier"),
  ordinals: [
    { pattern: `(I|1)er${END}`, say: () => "premier" },
    { pattern: `(I|1)[rè]?re${END}`, say: () => "première" },
    {
      // "Le" and "Ces" are words, not the fiftieth and hundredths.
      pattern: `(\\d{1,4}|(?:[IVX]|[LC](?=[IVXLC]))[IVXLC]{0,7})(?:e|ᵉ|è?me|ième)(s?)${END}`,
      say: (value, [, , many]) => (value > 0 ? `${frenchOrdinal(value)}${many}` : undefined),
    },
  ],
};

export const spanish: Notation = {
  time: (hour, minute) => (minute === 0 ? `${hour} en punto` : `${hour} y ${minute}`),
  hours: (hour) => `${hour} ${hour === 1 ? "hora" : "horas"}`,
  to: "a",
  coin: counted({
    $: ["dólar", "dólares"],
    "€": ["euro", "euros"],
    "£": ["libra", "libras"],
    "¥": ["yen", "yenes"],
  }),
  joinsCents: " con ",
  regnal: (value, name) => ofKing(spanishOrdinal, value, name),
  ordinals: [
    marked(spanishOrdinal),
    ofCentury(/(?:^|[^\p{L}])[Ss]iglos? $/u, spanishOrdinal),
    {
      pattern: `(\\d{1,2})\\.?(?:er|ᵉʳ)${END}`,
      say: (value) =>
        value % 10 === 1 || value % 10 === 3 ? spanishOrdinal(value).replace(/o$/, "") : undefined,
    },
  ],
};

export const italian: Notation = {
  time: (hour, minute) => (minute === 0 ? `${hour}` : `${hour} e ${minute}`),
  hours: (hour) => `${hour} ${hour === 1 ? "ora" : "ore"}`,
  to: "a",
  coin: counted({
    $: ["dollaro", "dollari"],
    "€": ["euro", "euro"],
    "£": ["sterlina", "sterline"],
    "¥": ["yen", "yen"],
  }),
  joinsCents: " e ",
  ordinals: [
    marked(italianOrdinal),
    { pattern: `([IVXLC]{1,6})(?= secol[oi]${END})`, say: italianOrdinal },
    {
      pattern: `([IVXLC]{1,6})${END}`,
      say: (value, _, before) =>
        /(?:^|[^\p{L}])[Ss]ecolo $/u.test(before) ? italianOrdinal(value) : undefined,
    },
  ],
};

export const portuguese: Notation = {
  time: (hour, minute) => `${hour} ${hour > 1 ? "horas" : "hora"}${minute === 0 ? "" : ` e ${minute}`}`,
  hourWord: "\\s?(?:horas?|h)\\b",
  to: "a",
  coin: counted({
    $: ["dólar", "dólares"],
    "€": ["euro", "euros"],
    "£": ["libra", "libras"],
    R$: ["real", "reais"],
    "¥": ["iene", "ienes"],
  }),
  joinsCents: " e ",
  regnal: (value, name) => ofKing(portugueseOrdinal, value, name),
  ordinals: [marked(portugueseOrdinal), ofCentury(/(?:^|[^\p{L}])[Ss]éculos? $/u, portugueseOrdinal)],
};
