/** Characters of one line that is shown; what is longer ends in an ellipsis. */
const MAX_LINE_CHARS = 4000;

/**
 * What a terminal, or whoever reads a log, would take for more than a letter: controls (C0, DEL, C1, with them the
 * escapes that move the cursor, set the title or ring the bell), ends of lines, marks that are not seen or turn the
 * direction of writing, halves of surrogate pairs. The joiners U+200C and U+200D are letters' business.
 */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A text from anywhere, as one line that can be shown on a terminal and written into a log: it moves no cursor, forges
 * no line, and hides nothing. What cannot be shown is spelled as in source, `\x1b` or `\u202e`.
 */
export function printable(text: string): string {
  // A code takes ten characters at most.
  const line = text.slice(0, MAX_LINE_CHARS).replace(UNPRINTABLE, spelled);
  const isWhole = text.length <= MAX_LINE_CHARS && line.length <= MAX_LINE_CHARS;
  return isWhole ? line : `${line.slice(0, MAX_LINE_CHARS - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** The same for whoever is told lines. */
export function printableLog(log: (message: string) => void): (message: string) => void {
  return (message) => log(printable(message));
}

function spelled(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return SHORT[char] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
