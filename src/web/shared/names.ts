import { displayName as inWords } from "../../core/display-name.ts";

const KNOWN: ReadonlyMap<string, string> = new Map([
  ["dm", "Game master"],
  ["combat", "Combat"],
]);

const both = new Intl.ListFormat("en", { type: "conjunction" });

/** An id as people write it: `old_mara` is Old Mara. */
export function displayName(id: string): string {
  return KNOWN.get(id) ?? inWords(id);
}

/** Several of them in a sentence: Thorin, Elara, and Grim. */
export function displayNames(ids: readonly string[]): string {
  return both.format(ids.map(displayName));
}
