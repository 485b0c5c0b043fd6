import { oneOf } from "../english/patterns.ts";
import type { Rule } from "../rule.ts";
import { type Notation, nameFor } from "./notation.ts";

const AMOUNT =
  "(\\d{1,3}(?:[.,'’\u00a0\u202f ]\\d{3}){1,5}(?!\\d)|\\d{1,12})(?:[.,](\\d{1,2})(?!\\d))?(?![.,]?\\d)";
/** Codes of currencies, and their signs where they have one. */
const CODES: Readonly<Record<string, string>> = { EUR: "€", USD: "$", GBP: "£", JPY: "¥", CHF: "CHF" };
const CODE = Object.keys(CODES).join("|");
const SIGN = `[$€£¥₽]|(?:zł|${CODE})(?!\\p{L})`;
const CODE_BEFORE = new RegExp(`(?<=^|[^\\p{L}])(${CODE})[\\s\u00a0]?$`, "u");
/** US$ and R$ */
const LAND_BEFORE = /(?<=^|[^\p{L}])(?:US|R)$/u;

/** `3,50 €`, `EUR 20`, `5 Mio. €`, `3 €/Tag` */
export function moneyRules({ coin, joinsCents, large, signs }: Notation): Rule[] {
  const words = oneOf(Object.keys(large.names));
  const number = `${AMOUNT}(?:[\\s\u00a0\u202f]?(${words})(?![\\p{L}.]))?`;
  const per = "(?:\\s?/\\s?(h|\\p{L}{3,12})(?![\\p{L}\\p{N}]))?";
  const said = (
    written: string,
    [amount = "", cents, word, turn]: readonly (string | undefined)[],
  ): string | undefined => {
    const sign = CODES[written] ?? written;
    const whole = amount.replace(/\D/g, "");
    const name = coin(sign, word === undefined ? Number(whole) : 5);
    if (name === undefined) return undefined;
    const rate = turn === undefined ? "" : ` ${turn === "h" ? signs.perHour : signs.per(turn)}`;
    const names = word === undefined ? undefined : large.names[word];
    if (names) {
      const count = cents === undefined ? amount : `${amount},${cents}`;
      return `${count} ${nameFor(count, names)} ${large.of(name)}${rate}`;
    }
    const rest = Number((cents ?? "").padEnd(2, "0"));
    return `${whole} ${name}${rest === 0 ? "" : `${joinsCents}${rest}`}${rate}`;
  };
  return [
    {
      pattern: new RegExp(`([$€£¥₽])\\s?${number}${per}`, "uy"),
      say: ([, sign = "", ...counted], { before }) => {
        const [land = ""] = LAND_BEFORE.exec(before) ?? [];
        const saying = said(land === "R" ? `R${sign}` : sign, counted);
        return saying === undefined ? undefined : { said: saying, back: land.length };
      },
    },
    {
      pattern: new RegExp(`${number}[\\s\u00a0]?(${SIGN})${per}`, "uy"),
      say: ([, amount, cents, word, sign = "", turn], { before }) =>
        isTouched(before) ? undefined : said(sign, [amount, cents, word, turn]),
    },
    {
      pattern: new RegExp(`${number}${per}`, "uy"),
      say: ([, ...counted], { before }) => {
        const [code, name = ""] = CODE_BEFORE.exec(before) ?? [];
        const saying = code === undefined ? undefined : said(name, counted);
        return saying === undefined ? undefined : { said: saying, back: code?.length ?? 0 };
      },
    },
  ];
}

function isTouched(before: string): boolean {
  return /[\p{L}\p{N}_]$|\p{N}[.,:/]$/u.test(before);
}
