const PUNCTUATION = /[\p{P}\p{S}]/u;
const SPACE = /\s|^$/u;
const DIGIT = /\d/;

/**
 * Whether a run of `*`, `_` or `~` is a mark, by the rule of left and right flanking in CommonMark 0.31 (6.2), without
 * pairing: one that nothing closes is for the eye as well.
 * @param before the character before it, empty where the line begins
 * @param after the character behind it, empty where the line ends
 */
export function isMark(run: string, before: string, after: string): boolean {
  if (run.startsWith("~")) return run.length > 1;
  // Stars between paragraphs, and lines to write on.
  if (run.length > 2) return true;
  // 2*3
  if (DIGIT.test(before) && DIGIT.test(after)) return false;
  const isAfterSpace = SPACE.test(before);
  const isBeforeSpace = SPACE.test(after);
  const isAfterSign = PUNCTUATION.test(before);
  const isBeforeSign = PUNCTUATION.test(after);
  const left = !isBeforeSpace && (!isBeforeSign || isAfterSpace || isAfterSign);
  const right = !isAfterSpace && (!isAfterSign || isBeforeSpace || isBeforeSign);
  if (run.startsWith("*")) return left || right;
  // snake_case
  return (left && (!right || isAfterSign)) || (right && (!left || isBeforeSign));
}
