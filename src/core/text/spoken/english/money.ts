import type { Rule } from "../rule.ts";
import { cardinal, decimal, inEnglish, NUMBER, TO, toWord, WITH_COMMA } from "./numbers.ts";
import { rule, standing } from "./patterns.ts";

type Coin = readonly [one: string, many: string, part: string, parts: string];
const COINS: Readonly<Record<string, Coin>> = {
  $: ["dollar", "dollars", "cent", "cents"],
  "€": ["euro", "euros", "cent", "cents"],
  "£": ["pound", "pounds", "penny", "pence"],
  "¥": ["yen", "yen", "sen", "sen"],
  "₽": ["rouble", "roubles", "kopeck", "kopecks"],
  "₹": ["rupee", "rupees", "paisa", "paise"],
};
/** Written in front of what they count. */
const CODES: Readonly<Record<string, Coin>> = {
  EUR: ["euro", "euros", "cent", "cents"],
  USD: ["US dollar", "US dollars", "cent", "cents"],
  GBP: ["pound", "pounds", "penny", "pence"],
  JPY: ["yen", "yen", "sen", "sen"],
  CHF: ["Swiss franc", "Swiss francs", "centime", "centimes"],
  Rs: ["rupee", "rupees", "paisa", "paise"],
  "Rs.": ["rupee", "rupees", "paisa", "paise"],
};
/** Characters that are currencies. */
export const COIN_SIGNS: string = Object.keys(COINS).join("");

const AMOUNT = `(${NUMBER})(?:\\.(\\d{1,2})(?!\\d))?`;
const LARGE: Readonly<Record<string, string>> = {
  k: "thousand",
  K: "thousand",
  m: "million",
  M: "million",
  Mio: "million",
  "Mio.": "million",
  Mrd: "billion",
  "Mrd.": "billion",
  mn: "million",
  b: "billion",
  B: "billion",
  bn: "billion",
  T: "trillion",
  tn: "trillion",
};
const LARGE_WORD = "(?:\\s?(thousand|million|billion|trillion|bn)\\b|(mn|tn|[kKmMbBT])\\b)?";
const PER = "(?:\\s?/\\s?(\\p{L}{2,16})\\b)?";

/** `$500`, `€3.50`, `£5–10`, `$1.5 million`, `$5/day` */
export const MONEY: Rule = rule(
  `([${COIN_SIGNS}])\\s?${AMOUNT}(?:${TO}[${COIN_SIGNS}]?${AMOUNT})?${LARGE_WORD}${PER}`,
  ([, sign = "$", whole = "0", part, to, toPart, word, letter, per], { text, end, before }) => {
    const large = word ?? letter;
    const { front, land } = inFront(before, sign);
    const coin = coinOf(sign, land);
    // A twenty-dollar bill, a $20 bill.
    const isAdjective =
      /^-\p{L}/u.test(text.slice(end, end + 2)) ||
      (/(?:^|[^\p{L}\p{N}])(?:an?|another|\d{1,3}) $/iu.test(before) &&
        /^ (?!(?:an?|per|each|every|for|or|and|to|in|on|at|by)\b)\p{Ll}/u.test(text.slice(end, end + 8)));
    const first =
      to === undefined
        ? ""
        : `${large ? decimalOf(whole, part) : amount(coin, whole, part, { bare: true })} ${toWord(before)} `;
    const [last, lastPart] = to === undefined ? [whole, part] : [to, toPart];
    const said = large
      ? `${decimalOf(last, lastPart)} ${LARGE[large] ?? large} ${coin[isAdjective ? 0 : 1]}`
      : amount(coin, last, lastPart, { isAdjective });
    return {
      said: `${isMinus(front) ? "minus " : ""}${first}${said}${per ? ` per ${per}` : ""}`,
      back: front.length,
    };
  },
);

const LANDS: Readonly<Record<string, string>> = {
  US: "US",
  C: "Canadian",
  CA: "Canadian",
  A: "Australian",
  AU: "Australian",
  NZ: "New Zealand",
  HK: "Hong Kong",
};
const IN_FRONT = /(?:^|(?<=[\s(]))([−-]?)(US|CA?|AU?|NZ|HK)?$/;

const CODED = /(?<=^|[^\p{L}])(EUR|USD|GBP|JPY|CHF|Rs\.?)[\s\u00a0]?$/u;

/** `US` and a minus, which are written in front of a sign. */
function inFront(before: string, sign: string): { front: string; land: string | undefined } {
  const [front = "", , land] = IN_FRONT.exec(before) ?? [];
  return land === undefined || sign === "$" ? { front, land } : { front: "", land: undefined };
}

function isMinus(front: string): boolean {
  return /^[−-]/.test(front);
}

function coinOf(sign: string, land: string | undefined): Coin {
  const coin = COINS[sign] as Coin;
  if (land === undefined) return coin;
  return [`${LANDS[land]} ${coin[0]}`, `${LANDS[land]} ${coin[1]}`, coin[2], coin[3]];
}

/** `€1.234,56`, found at its sign or at its number */
export const MONEY_WITH_COMMA: readonly Rule[] = [
  rule(`([${COIN_SIGNS}])\\s?(${WITH_COMMA})`, ([, sign = "", number = ""]) => amountOf(sign, number)),
  standing(
    rule(`(${WITH_COMMA})\\s?([${COIN_SIGNS}])(?!\\s?\\d)`, ([, number = "", sign = ""]) =>
      amountOf(sign, number),
    ),
  ),
];

function amountOf(sign: string, withComma: string): string {
  const [whole = "", part] = inEnglish(withComma).split(".");
  return amount(COINS[sign] as Coin, whole, part?.slice(0, 2));
}

/** `50p`, but not `720p`. */
export const PENCE: Rule = standing(
  rule("(\\d{1,2})p(?![\\p{L}\\p{N}])", ([, number = ""]) =>
    number === "1" ? "one penny" : `${cardinal(number)} pence`,
  ),
);

/** `$.99`, `$-5` */
export const MONEY_SHORT: Rule = rule(
  `([${COIN_SIGNS}])(?:([−-])(${NUMBER})|\\.(\\d{2})(?!\\d))`,
  ([, sign = "$", isBelow, whole = "0", part]) =>
    `${isBelow ? "minus " : ""}${amount(COINS[sign] as Coin, whole, part)}`,
);

/** `EUR 5`, `CHF 2.5m` */
export const MONEY_CODED: Rule = standing(
  rule(`${AMOUNT}(?![.,]\\d)${LARGE_WORD}`, ([, whole = "0", part, word, letter], { before }) => {
    const [found, code = ""] = CODED.exec(before) ?? [];
    const coin = CODES[code];
    if (found === undefined || coin === undefined) return undefined;
    const large = word ?? letter;
    const said = large
      ? `${decimalOf(whole, part)} ${LARGE[large] ?? large} ${coin[1]}`
      : amount(coin, whole, part);
    return { said, back: found.length };
  }),
);

/** `5 M€`, `3bn $` */
export const MONEY_LARGE: Rule = standing(
  rule(
    `${AMOUNT}\\s?(k|K|mn?|M|bn|Mio\\.?|Mrd\\.?|tn)\\s?([${COIN_SIGNS}])(?!\\s?\\d)`,
    ([, whole = "0", part, large = "", sign = ""]) =>
      `${decimalOf(whole, part)} ${LARGE[large]} ${(COINS[sign] as Coin)[1]}`,
  ),
);

/** `5 €`, `20¢` */
export const MONEY_BEHIND: Rule = standing(
  rule(`${AMOUNT}\\s?([${COIN_SIGNS.slice(1)}¢])(?!\\s?\\d)`, ([, whole = "0", part, sign = ""]) =>
    sign === "¢"
      ? `${decimalOf(whole, part)} ${whole === "1" ? "cent" : "cents"}`
      : amount(COINS[sign] as Coin, whole, part),
  ),
);

function decimalOf(whole: string, part: string | undefined): string {
  return decimal(part === undefined ? whole : `${whole}.${part}`);
}

/** @param options.bare without the currency, where it follows @param options.isAdjective as in `a ten dollar bill` */
function amount(
  [one, many, cent, cents]: Coin,
  whole: string,
  part: string | undefined,
  { bare = false, isAdjective = false }: { bare?: boolean; isAdjective?: boolean } = {},
): string {
  const parts = Number((part ?? "").padEnd(2, "0"));
  if (bare) return decimalOf(whole, part);
  if (parts > 0 && Number(whole) === 0) return `${cardinal(parts)} ${parts === 1 ? cent : cents}`;
  const coins = `${cardinal(whole)} ${whole === "1" || isAdjective ? one : many}`;
  return parts === 0 ? coins : `${coins} and ${cardinal(parts)} ${parts === 1 ? cent : cents}`;
}
