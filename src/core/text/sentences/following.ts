/** What follows a mark. */
export interface Following {
  /** Punctuation before the first word. */
  lead: string;
  /** The first word, or the digits, that follow. */
  word: string;
  /** What stands behind the word; empty where that is not known. */
  after: string;
  isLower: boolean;
  isUpper: boolean;
  isDigit: boolean;
}

const FIRST = /^([^\p{L}\p{N}]*)((?:\p{L}[\p{L}\p{M}’'-]*)|\p{N}+)([\s\S]?)/u;

/**
 * The first word behind a mark, whole; `wait` where it is not all there yet, undefined where none follows.
 * @param isWhole nothing comes behind `next`, or what comes is too far away to be looked at
 */
export function followingOf(next: string, isWhole: boolean): Following | "wait" | undefined {
  const [, lead = "", word, after = ""] = FIRST.exec(next) ?? [];
  if (word === undefined) return isWhole ? undefined : "wait";
  if (after === "" && !isWhole) return "wait";
  // iPhone, eBay
  const isCamel = /^\p{Ll}\p{Lu}/u.test(word);
  return {
    lead,
    word,
    after,
    isLower: /^\p{Ll}/u.test(word) && !isCamel,
    isUpper: /^\p{Lu}/u.test(word) || isCamel,
    isDigit: /^\p{N}/u.test(word),
  };
}
