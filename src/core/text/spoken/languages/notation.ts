/** What a language says for the notations that speech engines get wrong. Numbers stay digits wherever the engine can read them. */
export interface Notation {
  /** `8:30`, and `8h30` where that is written; `before` is what stands in front. */
  time: (hour: number, minute: number, before: string) => string;
  /** `12 h`, where that is another thing than `12:00`. */
  hours?: (hour: number) => string;
  /** A word that a time may be followed by, which `time` says already, as a pattern. */
  hourWord?: string;
  /** `19.30 Uhr`: times with a point, by what stands before them or behind. */
  pointed?: { before: RegExp; behind: string };
  /** Numbers with spaces between their thousands, as a pattern; where that is usual. */
  groups?: string;
  /** Between the ends of a range. */
  to: string;
  /** By sign: what so many of it are called, and how its hundredths are joined. */
  coin: (sign: string, whole: number) => string | undefined;
  joinsCents: string;
  /** Large numbers before a currency, by how they are written; and the currency behind them. */
  large: { names: Readonly<Record<string, Names>>; of: (coins: string) => string };
  /** A Roman numeral behind a name; undefined where the engine reads it well. */
  regnal?: (value: number, name: string) => string | undefined;
  /** Whether a point behind a Roman numeral makes it an ordinal, and may be no end of a sentence. */
  hasOrdinalPoint?: boolean;
  /** Ordinals as they are written: the patterns begin at a digit or a Roman numeral. */
  ordinals: readonly OrdinalMark[];
  /** The signs of sums and of dice. */
  signs: {
    plus: string;
    minus: string;
    times: string;
    about: string;
    /** Before an exponent: `10^3`. */
    power: string;
    /** What something is counted by: `3/Tag`. */
    per: (thing: string) => string;
    /** Where something is paid by the hour. */
    perHour: string;
    /** Behind a number with an x: `4x`. */
    often: string;
    /** Between the parts of `3:1`. */
    ratio: string;
    equals: string;
    /** `10 ÷ 2` */
    over: string;
    plusMinus: string;
    perMille: string;
    and: string;
    /** `#3` */
    number: string;
    /** In an address of mail, and its points. */
    at: string;
    dot: string;
    /** Behind what is raised by 2, by 3. */
    raised: readonly [squared: string, cubed: string];
    root: string;
    least: string;
    most: string;
  };
  /** Between what there is and what there could be: `12/30`. */
  of: string;
  /** A part of something; undefined where the language has no short word for it. */
  fraction: (parts: number, of: number, whole: string | undefined, behind: string) => string | undefined;
  /** What stands between day, month and year, a point or a slash, and how a date is said. */
  dates: {
    mark: "." | "/";
    say: (day: number, month: number, year: number | undefined, before: string) => string;
    /** Before a day and a month alone, which are a fraction elsewhere: `le 24/12`. */
    before?: RegExp;
  };
  /** Short forms, and what they stand for; with `#` behind it only before a number. */
  short: Readonly<Record<string, string>>;
}

/** Thousands with spaces between them. */
export const SPACED = "[1-9]\\d{0,2}(?:[\u00a0\u202f ]\\d{3}){1,5}(?![\u00a0\u202f ]?\\d|[\\p{L}-])";

/** One way to write an ordinal, and what is said for it. */
export interface OrdinalMark {
  /** Its first group is the number, in digits or Roman. */
  pattern: string;
  say: (value: number, match: RegExpExecArray, before: string) => string | undefined;
}

/** A currency's names: one, and many; Slavic languages have a third. */
export type Names = readonly [one: string, many: string] | readonly [one: string, few: string, many: string];

/** `рубль, рубля, рублей` by number. */
export function slavic(
  value: number,
  [one, few, many]: readonly [string, string, string],
  isPolish = false,
): string {
  const [last, lastTwo] = [value % 10, value % 100];
  if (isPolish ? value === 1 : last === 1 && lastTwo !== 11) return one;
  return last >= 2 && last <= 4 && (lastTwo < 12 || lastTwo > 14) ? few : many;
}

/** What so many are called, by the number as it is written. */
export function nameFor(number: string, names: Names): string {
  const value = Number(number.replace(/[.\s](?=\d{3}(?!\d))/gu, "").replace(",", "."));
  const [one, few, many] = names;
  // In Russian three and a half have the form of three.
  if (many !== undefined) return Number.isInteger(value) ? slavic(value, [one, few, many]) : few;
  return value === 1 ? one : few;
}

/** One for 1, many for all else. */
export function counted(names: Readonly<Record<string, readonly [string, string]>>): Notation["coin"] {
  return (sign, whole) => (Object.hasOwn(names, sign) ? names[sign]?.[whole === 1 ? 0 : 1] : undefined);
}

/** Whether nothing follows but what closes a quote: a point there ends the sentence as well. */
export function isTextOver(text: string, end: number): boolean {
  return /^["”’»“)\]]*$/u.test(text.slice(end, end + 4));
}
