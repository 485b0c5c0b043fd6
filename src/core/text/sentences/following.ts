/** What follows a mark. */
export interface Following {
  /** Punctuation before the first word. */
  lead: string;
  /** The first word, or the digits, that follow. */
  word: string;
  /** The word may go on: more of it may come. */
  isCut: boolean;
  /** What stands behind the word; empty where that is not known. */
  after: string;
  isLower: boolean;
  isUpper: boolean;
  isDigit: boolean;
}

const FIRST = /^([^\p{L}\p{N}]*)((?:\p{L}[\p{L}\p{M}’'-]*)|\p{N}+)([\s\S]?)/u;

/**
 * The first word behind a mark; `wait` where nothing of it is there yet, undefined where none follows.
 * @param isWhole nothing comes behind `next`, or what comes is too far away to be looked at
 */
export function followingOf(next: string, isWhole: boolean): Following | "wait" | undefined {
  const [, lead = "", word, after = ""] = FIRST.exec(next) ?? [];
  if (word === undefined) return isWhole ? undefined : "wait";
  const isCut = after === "" && !isWhole;
  // iPhone, eBay
  if (isCut && /^\p{Ll}$/u.test(word)) return "wait";
  const isCamel = /^\p{Ll}\p{Lu}/u.test(word);
  return {
    lead,
    word,
    isCut,
    after,
    isLower: /^\p{Ll}/u.test(word) && !isCamel,
    isUpper: /^\p{Lu}/u.test(word) || isCamel,
    isDigit: /^\p{N}/u.test(word),
  };
}
