import { toOrdinal as italianOrdinal } from "n2words/it-IT";
import { monthsOf } from "./dates.ts";
import { italianFraction } from "./fractions.ts";
import { counted, type Notation } from "./notation.ts";
import { END, marked } from "./romance.ts";

/** What one says `al` of, not `a`. */
const MALE = /^(?:giorno|mese|minuto|secondo|turno|round|chilo|metro|litro)(?!\p{L})/u;
const MONTHS =
  "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre";
const italianMonth = monthsOf(MONTHS.replaceAll("|", " "));

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
    CHF: ["franco svizzero", "franchi svizzeri"],
  }),
  joinsCents: " e ",
  large: {
    names: {
      k: ["mila", "mila"],
      M: ["milione", "milioni"],
      mln: ["milione", "milioni"],
      milioni: ["milione", "milioni"],
      mld: ["miliardo", "miliardi"],
      Mld: ["miliardo", "miliardi"],
      miliardi: ["miliardo", "miliardi"],
    },
    of: (coins) => `di ${coins}`,
  },
  ordinals: [
    { pattern: `(1)[°º](?= (?:${MONTHS})${END})`, say: () => "primo" },
    marked(italianOrdinal),
    { pattern: `([IVXLC]{1,6})(?= secol[oi]${END})`, say: italianOrdinal },
    {
      pattern: `([IVXLC]{1,6})${END}`,
      say: (value, _, before) =>
        /(?:^|[^\p{L}])(?:[Ss]ecol[oi](?: [IVXLC]+,?)*(?: e)?|sec\.) $/u.test(before)
          ? italianOrdinal(value)
          : undefined,
    },
  ],
  signs: {
    plus: "più",
    minus: "meno",
    times: "per",
    about: "circa",
    power: "alla",
    per: (thing) => `${/^(?:anno|ora)/.test(thing) ? "all'" : MALE.test(thing) ? "al " : "a "}${thing}`,
    perHour: "all'ora",
    often: "volte",
    ratio: "a",
    equals: "uguale a",
    over: "diviso",
    plusMinus: "più o meno",
    perMille: "per mille",
    and: "e",
    number: "numero",
    at: "chiocciola",
    dot: "punto",
    raised: ["al quadrato", "al cubo"],
    root: "radice di",
    least: "almeno",
    most: "al massimo",
  },
  of: "su",
  fraction: italianFraction,
  dates: {
    mark: "/",
    say: (day, month, year) =>
      `${day === 1 ? "primo" : day} ${italianMonth(month)}${year === undefined ? "" : ` ${year}`}`,
    before:
      /(?:^|[^\p{L}])(?:[Ii]l|[Dd]al|[Dd]el|[Aa]l|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica) $/u,
  },
  short: {
    "ad es.": "ad esempio",
    "ecc.": "eccetera",
    "a.C.": "avanti Cristo",
    "d.C.": "dopo Cristo",
    "sig.": "signor",
    "sig.ra": "signora",
    "Sig.ra": "Signora",
    "sig.na": "signorina",
    "Sig.na": "Signorina",
    "dott.ssa": "dottoressa",
    "Dott.ssa": "Dottoressa",
    "Ing.": "Ingegner",
    "Avv.": "Avvocato",
    "V.le": "Viale",
    "P.zza": "Piazza",
    "max.": "massimo",
    "min.": "minimo",
    "art.#": "articolo",
    "fig.#": "figura",
    "nr.#": "numero",
    "liv.#": "livello",
    "pagg.#": "pagine",
    "sec.#": "secolo",
    "n°": "numero",
    "§#": "paragrafo",
    "Sig.": "Signor",
    "dott.": "dottor",
    "Dott.": "Dottor",
    "prof.": "professor",
    "S.": "San",
    "n.#": "numero",
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
