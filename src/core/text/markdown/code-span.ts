/** Characters between backticks that are code; what is longer is text with backticks in it. */
const MAX_CODE_CHARS = 160;

const CODE = new RegExp(`(\`+)(?!\`)([^\\n]{0,${MAX_CODE_CHARS}}?[^\`\\n])\\1(?!\`)`, "y");
const TICKS = /`+/y;

/** A word: a command, a name, `2d6+3`. Code that is more than that is for the eye. */
const WORD = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_+.-]*$/u;

/** Code in a line. */
export interface CodeSpan {
  length: number;
  /** Its spoken part, if any, and where that stands. */
  word: string;
  wordAt: number;
}

/** The code that begins with the backticks at `at`; where nothing closes them, they alone. */
export function codeAt(text: string, at: number, isOver: boolean): CodeSpan | "wait" {
  CODE.lastIndex = at;
  const [all, ticks = "", inner = ""] = CODE.exec(text) ?? [];
  const isOpen = at + (all?.length ?? 0) === text.length;
  if (!isOver && (all === undefined ? isBegun(text, at) : isOpen)) return "wait";
  if (all === undefined) {
    TICKS.lastIndex = at;
    return { length: TICKS.exec(text)?.[0].length ?? 1, word: "", wordAt: 0 };
  }
  const word = isWord(inner) ? inner.trim() : "";
  return { length: all.length, word, wordAt: ticks.length + Math.max(0, inner.indexOf(word)) };
}

/** Whether code is one word, so that it is said. */
export function isWord(code: string): boolean {
  return WORD.test(code.trim());
}

function isBegun(text: string, at: number): boolean {
  const rest = text.slice(at, at + MAX_CODE_CHARS + 12);
  return rest.length < MAX_CODE_CHARS + 12 && !rest.includes("\n");
}
