/** Stands for what is no text. */
const REPLACEMENT = "\uFFFD";
/** Halves of characters whose other half is missing, and control characters that are no white space. */
const NO_TEXT = /(?![\n\t])[\p{Cc}\p{Cs}]/gu;
/** Levels of objects within objects that are looked into; what is deeper is nobody's voice or line. */
const MAX_DEPTH = 16;

/**
 * The text as every wire, service and engine can take it: unpaired surrogates and control characters are U+FFFD each,
 * but for tabs and line breaks, which are `\n` each.
 */
export function cleanText(text: string): string {
  // Nearly all text is clean, and all of it comes through here, more than once.
  if (text.search(NO_TEXT) < 0) return text;
  return text.replace(/\r\n?/g, "\n").replace(NO_TEXT, REPLACEMENT);
}

/** The same for a text that arrives in deltas: a character that is cut between two of them is whole. */
export class TextCleaner {
  #held = "";

  /** Takes the next delta; returns what is certain by now. */
  push(delta: string): string {
    const text = this.#held + delta;
    const isCertain = !/[\r\uD800-\uDBFF]$/.test(text);
    this.#held = isCertain ? "" : text.slice(-1);
    return cleanText(isCertain ? text : text.slice(0, -1));
  }

  /** The text has ended: what is left. */
  flush(): string {
    const rest = cleanText(this.#held);
    this.#held = "";
    return rest;
  }
}

/** A value with all text in it clean: of plain objects and lists; what else there is stays as it is. */
export function cleaned(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return cleanText(value);
  if (depth > MAX_DEPTH || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => cleaned(each, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [cleanText(key), cleaned(each, depth + 1)]),
  );
}
