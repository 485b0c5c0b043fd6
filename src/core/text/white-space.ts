/** White space folded to single spaces, ends trimmed. */
export function foldSpace(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

/** White space folded to single spaces, at the ends as well. */
export function folded(text: string): string {
  return /[^\S ]| {2}/u.test(text) ? text.replace(/\s+/gu, " ") : text;
}
