import { saidOf, spokenForm } from "../../../src/core/text/spoken/spoken-form.ts";

/** The words of a text as they are said, without marks and capitals: `2d6+3` and `two d six plus three` are the same. */
export function wordsOf(text: string): string[] {
  const said = saidOf(spokenForm(text.replaceAll("’", "'"), { language: "en" }));
  const plain = said.toLowerCase().replace(/[-–—/]/g, " ");
  return plain.match(/[\p{L}\p{N}']+/gu) ?? [];
}

/**
 * Words that were heard wrong, left out or put in: the Levenshtein distance between words.
 * @returns errors, and of how many words
 */
export function wordErrors(
  wanted: readonly string[],
  heard: readonly string[],
): [errors: number, of: number] {
  let row = Array.from({ length: heard.length + 1 }, (_, at) => at);
  for (const [at, word] of wanted.entries()) {
    const next = [at + 1];
    for (const [other, candidate] of heard.entries()) {
      const replaced = (row[other] ?? 0) + (candidate === word ? 0 : 1);
      next.push(Math.min(replaced, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1));
    }
    row = next;
  }
  return [row[heard.length] ?? 0, wanted.length];
}
