import { type Passage, PassageSplitter } from "./passages.ts";
import { spokenOf } from "./spoken.ts";

/**
 * The sentences of a whole text, as they are shown. Joined by single spaces they are the text with its white space
 * folded, except where sentences touch (CJK) or a run without spaces had to be cut.
 * @param language BCP 47; an unknown one is split like English
 */
export function splitSentences(text: string, language?: string): string[] {
  return passagesIn(text, language).map((passage) => passage.text);
}

/** How many of a text's sentences are heard. */
export function countSpoken(text: string, language?: string): number {
  return passagesIn(text, language).filter(({ text, pieces }) => spokenOf(text, pieces).text !== "").length;
}

function passagesIn(text: string, language: string | undefined): Passage[] {
  const splitter = new PassageSplitter(language);
  return [...splitter.push(text), ...splitter.flush()].filter(({ text }) => text !== "");
}
