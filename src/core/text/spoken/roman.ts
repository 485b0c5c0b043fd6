const VALUES: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };
const WRITTEN = /^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/;

/** What a Roman numeral stands for; undefined where it is none as one is written: `IIX`, `MIX` with a name before it is one. */
export function romanValue(text: string): number | undefined {
  if (text === "" || text.length > 15 || !WRITTEN.test(text)) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = VALUES[text.charAt(at)] ?? 0;
    value += digit < (VALUES[text.charAt(at + 1)] ?? 0) ? -digit : digit;
  }
  return value;
}
