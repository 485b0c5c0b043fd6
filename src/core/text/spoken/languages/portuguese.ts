import { toOrdinal as portugueseOrdinal } from "n2words/pt-PT";
import { monthsOf } from "./dates.ts";
import { portugueseFraction } from "./fractions.ts";
import { counted, type Notation } from "./notation.ts";
import { marked, ofCentury, ofKing } from "./romance.ts";

const portugueseMonth = monthsOf(
  "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
);

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
    CHF: ["franco suíço", "francos suíços"],
  }),
  joinsCents: " e ",
  large: {
    names: {
      k: ["mil", "mil"],
      M: ["milhão", "milhões"],
      mi: ["milhão", "milhões"],
      milhões: ["milhão", "milhões"],
      bi: ["bilhão", "bilhões"],
    },
    of: (coins) => `de ${coins}`,
  },
  regnal: (value, name) => ofKing(portugueseOrdinal, value, name),
  ordinals: [marked(portugueseOrdinal), ofCentury(/(?:^|[^\p{L}])[Ss]éculos? $/u, portugueseOrdinal)],
  signs: {
    plus: "mais",
    minus: "menos",
    times: "vezes",
    about: "cerca de",
    power: "elevado a",
    per: (thing) => `por ${thing}`,
    perHour: "por hora",
    often: "vezes",
    ratio: "a",
    equals: "igual a",
    over: "dividido por",
    plusMinus: "mais ou menos",
    perMille: "por mil",
    and: "e",
    number: "número",
    at: "arroba",
    dot: "ponto",
    raised: ["ao quadrado", "ao cubo"],
    root: "raiz de",
    least: "pelo menos",
    most: "no máximo",
  },
  of: "de",
  fraction: portugueseFraction,
  dates: {
    mark: "/",
    say: (day, month, year) =>
      `${day === 1 ? "primeiro" : day} de ${portugueseMonth(month)}${year === undefined ? "" : ` de ${year}`}`,
    before: /(?:^|[^\p{L}])(?:[Dd]ia|[Ee]m|[Dd]o|[Aa]o) $/u,
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
