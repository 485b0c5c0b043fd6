/** Characters of the longest link with its label. */
export const MAX_LINK_CHARS = 600;

const LABEL = "(?:[^[\\]\\n\\\\]|\\\\[^\\n]|\\[[^[\\]\\n]{0,200}\\](?:\\([^()\\n]{0,300}\\))?){0,200}";
const ADDRESS = "(?:<[^<>\\n]*>|(?:[^()\\s<]|\\([^()\\s]*\\))*)";
const TITLE = "(?:\"[^\"\\n]*\"|'[^'\\n]*'|\\([^()\\n]*\\))";

const INLINE = new RegExp(`\\[(${LABEL})\\]\\([ \\t]*${ADDRESS}(?:[ \\t]+${TITLE})?[ \\t]*\\)`, "y");
const REFERENCE = new RegExp(`\\[(${LABEL})\\]\\[([^[\\]\\n]{0,100})\\]`, "y");
const SHORTCUT = /\[([^[\]\n]{1,100})\](?![[(])/y;
const FOOTNOTE = /\[\^[^\]\s]{1,40}\]/y;
/** What may become one of these. */
const ADDRESS_BEGUN = "(?:<[^<>\\n]*|[^()\\s<]*(?:\\([^()\\s]*\\)[^()\\s]*)*(?:\\([^()\\s]*)?)";
const TITLE_BEGUN = "(?:\"[^\"\\n]*\"?|'[^'\\n]*'?|\\([^()\\n]*\\)?)";
const BEGUN = new RegExp(
  `^\\[${LABEL}(?:\\[[^[\\]\\n]*|\\\\|\\](?:\\([ \\t]*${ADDRESS_BEGUN}>?(?:[ \\t]+${TITLE_BEGUN}?[ \\t]*)?|\\[[^[\\]\\n]{0,100})?)?$`,
);

/** `[ref]: address "title"`: what links elsewhere in the text point to. */
const DEFINITION = new RegExp(
  `[ \\t]*\\[([^\\]\\n]{1,100})\\]:[ \\t]*(?:<[^<>\\n]*>|[^\\s<]*(?:[/#]|[\\w-]\\.\\w)[^\\s]*)(?:[ \\t]+${TITLE})?[ \\t]*(?=\\n|$)`,
  "y",
);
const DEFINITION_BEGUN =
  /^[ \t]*\[(?:[^\]\n]{0,100}|[^\]\n]{1,100}\](?::[ \t]*(?:(?:<[^<>\n]*>?|[^\s]*)(?:[ \t]+(?:"[^"\n]*"?|'[^'\n]*'?|\([^()\n]*\)?)?)?[ \t]*)?)?)$/;

/** A link, an image or a note, as it stands in a line. */
export interface Link {
  /** What is said of it, between what is shown before and after it. */
  before: string;
  label: string;
  after: string;
}

/**
 * The link that begins with the bracket at `at`. `wait`: it may become one; undefined: it is none.
 * @param isKnown whether a label is defined elsewhere
 */
export function linkAt(
  text: string,
  at: number,
  isOver: boolean,
  isKnown: (label: string) => boolean,
): Link | "wait" | undefined {
  const inline = match(INLINE, text, at);
  if (inline) return linkOf(inline);
  if (!isOver) {
    const rest = text.slice(at, at + MAX_LINK_CHARS + 1);
    if (rest.length <= MAX_LINK_CHARS && BEGUN.test(rest)) return "wait";
  }
  const note = match(FOOTNOTE, text, at);
  if (note) return { before: note[0], label: "", after: "" };
  const reference = match(REFERENCE, text, at);
  // One that is defined further down cannot be known; two stage directions have words in them.
  if (reference && !reference[1]?.startsWith("/")) {
    const ref = reference[2] ?? "";
    if (/^[^\s/]*$/.test(ref) || isKnown(ref)) return linkOf(reference);
  }
  const shortcut = match(SHORTCUT, text, at);
  return shortcut && isKnown(shortcut[1] ?? "") ? linkOf(shortcut) : undefined;
}

/** A line that defines a link: its length and label. `wait` and undefined as for `linkAt`. */
export function definitionAt(
  text: string,
  at: number,
  isOver: boolean,
): { length: number; label: string } | "wait" | undefined {
  if (text[at] !== "[" && !/[ \t]/.test(text[at] ?? "")) return undefined;
  if (!isOver && DEFINITION_BEGUN.test(text.slice(at, at + MAX_LINK_CHARS))) return "wait";
  const found = match(DEFINITION, text, at);
  return found && !found[1]?.startsWith("^") ? { length: found[0].length, label: found[1] ?? "" } : undefined;
}

/** Labels are the same in upper and lower case, and however much space is in them. */
export function labelKey(label: string): string {
  return label.trim().replace(/\s+/gu, " ").toLowerCase();
}

function linkOf([all, label = ""]: RegExpExecArray): Link {
  return { before: "[", label, after: all.slice(1 + label.length) };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
