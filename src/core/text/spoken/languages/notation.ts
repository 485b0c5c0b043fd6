/** What a language says for the notations that speech engines get wrong. Numbers stay digits wherever the engine can read them. */
export interface Notation {
  /** `8:30`, and `8h30` where that is written; `before` is what stands in front. */
  time: (hour: number, minute: number, before: string) => string;
  /** `12 h`, where that is another thing than `12:00`. */
  hours?: (hour: number) => string;
  /** A word that a time may be followed by, which `time` says already, as a pattern. */
  hourWord?: string;
  /** Between the ends of a range. */
  to: string;
  /** By sign: what so many of it are called, and how its hundredths are joined. */
  coin: (sign: string, whole: number) => string | undefined;
  joinsCents: string;
  /** A Roman numeral behind a name; undefined where the engine reads it well. */
  regnal?: (value: number, name: string) => string | undefined;
  /** Whether a point behind a Roman numeral makes it an ordinal, and may be no end of a sentence. */
  hasOrdinalPoint?: boolean;
  /** Ordinals as they are written: the patterns begin at a digit or a Roman numeral. */
  ordinals: readonly OrdinalMark[];
}

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

/** One for 1, many for all else. */
export function counted(names: Readonly<Record<string, readonly [string, string]>>): Notation["coin"] {
  return (sign, whole) => (Object.hasOwn(names, sign) ? names[sign]?.[whole === 1 ? 0 : 1] : undefined);
}
