/**
 * A value as JSON has it, which nobody else can change any more; undefined where it is no JSON, or has more characters.
 * @returns in `value`, so that undefined can be told from it
 */
export function jsonCopy(value: unknown, maxChars: number): { value: unknown } | undefined {
  try {
    const text = JSON.stringify(value);
    return text.length <= maxChars ? { value: JSON.parse(text) } : undefined;
  } catch {
    return undefined;
  }
}

/** Characters that a value which is JSON has as such. */
export function jsonLength(value: unknown): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}
