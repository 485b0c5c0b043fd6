import { toOrdinal as spanishOrdinal } from "n2words/es-ES";
import { toOrdinal as frenchOrdinal } from "n2words/fr-FR";
import { toOrdinal as italianOrdinal } from "n2words/it-IT";
import { toOrdinal as portugueseOrdinal } from "n2words/pt-PT";
import { monthsOf } from "./dates.ts";
import { frenchFraction, italianFraction, portugueseFraction, spanishFraction } from "./fractions.ts";
import { counted, type Notation, type OrdinalMark, SPACED } from "./notation.ts";

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

const frenchMonth = monthsOf(
  "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
);
const spanishMonth = monthsOf(
  "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
);
const italianMonth = monthsOf(
  "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
);
const portugueseMonth = monthsOf(
  "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
);

export const french: Notation = {
  time: (hour, minute) => `${hour} ${hour > 1 ? "heures" : "heure"}${minute === 0 ? "" : ` ${minute}`}`,
  hourWord: "\\s?(?:heures?|h)\\b",
  groups: SPACED,
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
    { pattern: `(2)nde?${END}`, say: () => "second" },
    { pattern: `(I|1)[rè]?re${END}`, say: () => "première" },
    {
      // "Le" and "Ces" are words, not the fiftieth and hundredths.
      pattern: `(\\d{1,4}|(?:[IVX]|[LC](?=[IVXLC]))[IVXLC]{0,7})(?:e|ᵉ|è?me|ième)(s?)${END}`,
      say: (value, [, , many]) => (value > 0 ? `${frenchOrdinal(value)}${many}` : undefined),
    },
  ],
  signs: { plus: "plus", minus: "moins", times: "fois", about: "environ", power: "puissance", per: "par" },
  of: "sur",
  fraction: frenchFraction,
  dates: {
    mark: "/",
    say: (day, month, year) => `${day === 1 ? "premier" : day} ${frenchMonth(month)} ${year}`,
  },
  short: {
    "p.ex.": "par exemple",
    "c.-à-d.": "c'est-à-dire",
    "etc.": "et cetera",
    "av.J.-C.": "avant Jésus-Christ",
    "apr.J.-C.": "après Jésus-Christ",
    "M.": "Monsieur",
    "MM.": "Messieurs",
    Mme: "Madame",
    Mlle: "Mademoiselle",
    "Dr.": "Docteur",
    "env.": "environ",
    "chap.": "chapitre",
    "vol.#": "volume",
    "p.#": "page",
    "pp.#": "pages",
    "n°": "numéro",
    "N°": "Numéro",
    nº: "numéro",
    "Tél.": "Téléphone",
    "tél.": "téléphone",
    "§#": "paragraphe",
  },
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
  signs: { plus: "más", minus: "menos", times: "por", about: "unos", power: "elevado a", per: "por" },
  of: "de",
  fraction: spanishFraction,
  dates: { mark: "/", say: (day, month, year) => `${day} de ${spanishMonth(month)} de ${year}` },
  short: {
    "p.ej.": "por ejemplo",
    "etc.": "etcétera",
    "a.C.": "antes de Cristo",
    "d.C.": "después de Cristo",
    "EE.UU.": "Estados Unidos",
    "Sr.": "señor",
    "Sra.": "señora",
    "Srta.": "señorita",
    "Dr.": "doctor",
    "Dra.": "doctora",
    "D.": "don",
    "Ud.": "usted",
    "Uds.": "ustedes",
    "Avda.": "avenida",
    "Cía.": "compañía",
    "aprox.": "aproximadamente",
    "cap.#": "capítulo",
    "vol.#": "volumen",
    "pág.": "página",
    "págs.": "páginas",
    "n.º": "número",
    "N.º": "número",
    nº: "número",
    "Tel.": "teléfono",
    "tel.": "teléfono",
    "§#": "párrafo",
  },
};

export const italian: Notation = {
  time: (hour, minute) => (minute === 0 ? `${hour}` : `${hour} e ${minute}`),
  hours: (hour) => `${hour} ${hour === 1 ? "ora" : "ore"}`,
  pointed: { before: /(?:^|[^\p{L}])(?:[Aa]lle|[Dd]alle|[Oo]re) $/u, behind: "" },
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
  signs: { plus: "più", minus: "meno", times: "per", about: "circa", power: "alla", per: "al" },
  of: "su",
  fraction: italianFraction,
  dates: {
    mark: "/",
    say: (day, month, year) => `${day === 1 ? "primo" : day} ${italianMonth(month)} ${year}`,
  },
  short: {
    "es.": "esempio",
    "ecc.": "eccetera",
    "a.C.": "avanti Cristo",
    "d.C.": "dopo Cristo",
    "sig.": "signor",
    "Sig.": "Signor",
    "sig.ra": "signora",
    "Sig.ra": "Signora",
    "dott.": "dottor",
    "Dott.": "Dottor",
    "prof.": "professor",
    "S.": "San",
    "n.#": "numero",
    "nn.#": "numeri",
    "p.#": "pagina",
    "pp.#": "pagine",
    "pag.": "pagina",
    "cap.#": "capitolo",
    "vol.#": "volume",
    mln: "milioni di",
    "tel.": "telefono",
    "Tel.": "telefono",
    "ca.": "circa",
  },
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
  signs: { plus: "mais", minus: "menos", times: "vezes", about: "cerca de", power: "elevado a", per: "por" },
  of: "de",
  fraction: portugueseFraction,
  dates: {
    mark: "/",
    say: (day, month, year) => `${day === 1 ? "primeiro" : day} de ${portugueseMonth(month)} de ${year}`,
  },
  short: {
    "p.ex.": "por exemplo",
    "etc.": "et cetera",
    "a.C.": "antes de Cristo",
    "d.C.": "depois de Cristo",
    "Sr.": "senhor",
    "Sra.": "senhora",
    "Dr.": "doutor",
    "Dra.": "doutora",
    "Av.": "avenida",
    "n.º": "número",
    nº: "número",
    "cap.#": "capítulo",
    "pág.": "página",
    "p.#": "página",
    "aprox.": "aproximadamente",
  },
};
