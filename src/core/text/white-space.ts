/** White space folded to single spaces, ends trimmed. */
export function foldSpace(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
