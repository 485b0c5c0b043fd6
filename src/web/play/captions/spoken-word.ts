import type { Line, Spoken } from "../../../client/index.ts";

/** A stretch of a line's text: UTF-16 units. */
export interface Stretch {
  start: number;
  length: number;
}

/** Where in the line's text the word stands that is being said; undefined where only the line is known. */
export function spokenWord(line: Line, spoken: Spoken | undefined): Stretch | undefined {
  if (spoken?.line !== line.id || spoken.charStart === undefined) return undefined;
  const sentence = line.sentences?.find((each) => each.sentence === spoken.sentence);
  if (!sentence || spoken.charStart >= sentence.text.length) return undefined;
  const length = Math.min(spoken.charLength ?? 0, sentence.text.length - spoken.charStart);
  return length > 0 ? { start: sentence.start + spoken.charStart, length } : undefined;
}
