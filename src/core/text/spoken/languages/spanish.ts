import { toOrdinal as spanishOrdinal } from "n2words/es-ES";
import { monthsOf } from "./dates.ts";
import { spanishFraction } from "./fractions.ts";
import { counted, type Notation, SPACED } from "./notation.ts";
import { END, marked, ofCentury, ofKing } from "./romance.ts";

const spanishMonth = monthsOf(
  "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
);

/** Numbers of telephones are written like large ones. */
const MOBILE = "[679]\\d\\d \\d{3} \\d{3}(?!\\d)";

export const spanish: Notation = {
  time: (hour, minute, before) => {
    if (minute > 0) return `${hour} y ${minute}`;
    const isSharp = /(?:^|[^\p{L}])[Ll]as? $/u.test(before);
    return `${hour} ${isSharp ? "en punto" : hour === 1 ? "hora" : "horas"}`;
  },
  hours: (hour) => `${hour} ${hour === 1 ? "hora" : "horas"}`,
  groups: `(?!${MOBILE})${SPACED}`,
  to: "a",
  coin: counted({
    $: ["dólar", "dólares"],
    "€": ["euro", "euros"],
    "£": ["libra", "libras"],
    "¥": ["yen", "yenes"],
    CHF: ["franco suizo", "francos suizos"],
  }),
  joinsCents: " con ",
  large: {
    names: {
      k: ["mil", "mil"],
      M: ["millón", "millones"],
      "mill.": ["millón", "millones"],
      millón: ["millón", "millones"],
      millones: ["millón", "millones"],
    },
    of: (coins) => `de ${coins}`,
  },
  regnal: (value, name) => ofKing(spanishOrdinal, value, name),
  ordinals: [
    marked(spanishOrdinal),
    ofCentury(/(?:^|[^\p{L}])(?:[Ss]iglos?(?: [IVXLC]+,?)*(?: y)?|s\.) $/u, spanishOrdinal),
    {
      pattern: `(\\d{1,2})\\.?(?:er|ᵉʳ)${END}`,
      say: (value) =>
        value % 10 === 1 || value % 10 === 3 ? spanishOrdinal(value).replace(/o$/, "") : undefined,
    },
  ],
  signs: {
    plus: "más",
    minus: "menos",
    times: "por",
    about: "unos",
    power: "elevado a",
    per: (thing) => `por ${thing}`,
    perHour: "por hora",
    often: "veces",
    ratio: "a",
    equals: "igual a",
    over: "entre",
    plusMinus: "más menos",
    perMille: "por mil",
    and: "y",
    number: "número",
    at: "arroba",
    dot: "punto",
    raised: ["al cuadrado", "al cubo"],
    root: "raíz de",
    least: "al menos",
    most: "como mucho",
  },
  of: "de",
  fraction: spanishFraction,
  dates: {
    mark: "/",
    say: (day, month, year) => `${day} de ${spanishMonth(month)}${year === undefined ? "" : ` de ${year}`}`,
    before: /(?:^|[^\p{L}])(?:[Ee]l|[Dd]el|[Aa]l|lunes|martes|miércoles|jueves|viernes|sábado|domingo) $/u,
  },
  short: {
    "p.ej.": "por ejemplo",
    "etc.": "etcétera",
    "a.C.": "antes de Cristo",
    "d.C.": "después de Cristo",
    "EE.UU.": "Estados Unidos",
    "Sr.": "señor",
    "Sra.": "señora",
    "Dr.": "doctor",
    "Dra.": "doctora",
    "D.": "don",
    "Ud.": "usted",
    "Uds.": "ustedes",
    "Vd.": "usted",
    "Srta.": "señorita",
    "D.ª": "doña",
    "Sto.": "Santo",
    "Sta.": "Santa",
    "Av.": "avenida",
    "Avda.": "avenida",
    "máx.": "máximo",
    "mín.": "mínimo",
    "a.m.": "de la mañana",
    "p.m.": "de la tarde",
    "s.#": "siglo",
    "art.#": "artículo",
    "fig.#": "figura",
    "núm.#": "número",
    "niv.#": "nivel",
    "págs.#": "páginas",
    "p.#": "página",
    "aprox.": "aproximadamente",
    "cap.#": "capítulo",
    "vol.#": "volumen",
    "pág.": "página",
    "n.º": "número",
    "N.º": "número",
    nº: "número",
    "Tel.": "teléfono",
    "tel.": "teléfono",
    "§#": "párrafo",
  },
};
