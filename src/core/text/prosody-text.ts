/**
 * Speed and pitch as people write them, the same in SSML and in voices.
 * @module
 */

/** Factors. */
const RATES: Readonly<Record<string, number>> = {
  "x-slow": 0.6,
  slow: 0.8,
  medium: 1,
  normal: 1,
  default: 1,
  fast: 1.25,
  "x-fast": 1.6,
};
/** Semitones. */
const PITCHES: Readonly<Record<string, number>> = {
  "x-low": -6,
  low: -3,
  medium: 0,
  normal: 0,
  default: 0,
  high: 3,
  "x-high": 6,
};

/** A number with its unit. */
export interface Amount {
  value: number;
  /** It has a sign: so much is added. */
  isAdded: boolean;
  /** Lower-cased, empty where there is none. */
  unit: string;
}

/** `-20%`, `1.5x`, `0,9`, `3 st`; undefined where it is no such thing. */
export function amountOf(text: string): Amount | undefined {
  const [, sign, number, unit = ""] =
    /^([+-]?)(\d{1,4}(?:[.,]\d{1,4})?) ?([a-z]*|%)$/i.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const value = Number(`${sign}${number.replace(",", ".")}`);
  return { value, isAdded: sign !== "", unit: unit.toLowerCase() };
}

/**
 * A factor of the normal speed: `slow`, `1.2`. `80%` is 0.8, as SSML 1.1 says (3.2.4: of 100 % nothing changes); with a
 * sign, so much is added, as SSML 1.0 and the services have it: `-20%` is 0.8 as well. Undefined where it is none of these.
 */
export function rateOf(text: string): number | undefined {
  const amount = amountOf(text);
  if (!amount) return named(RATES, text);
  const { value, isAdded, unit } = amount;
  if (unit === "%") return percentOf(amount);
  if (unit === "") return isAdded ? 1 + value : value;
  return unit === "x" ? value : undefined;
}

/** Semitones from the normal pitch: `low`, `-2st`; `-10%` less of the frequency. Undefined where it is none of these. */
export function semitonesOf(text: string): number | undefined {
  const amount = amountOf(text);
  if (!amount) return named(PITCHES, text);
  if (amount.unit === "%") return 12 * Math.log2(Math.max(0.25, percentOf(amount)));
  return /^(?:st|semitones?)$/.test(amount.unit) ? amount.value : undefined;
}

/** As a factor. */
function percentOf({ value, isAdded }: Amount): number {
  return ((isAdded ? 100 : 0) + value) / 100;
}

function named(table: Readonly<Record<string, number>>, name: string): number | undefined {
  const word = name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/gu, "-");
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
