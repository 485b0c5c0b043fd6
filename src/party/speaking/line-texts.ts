import { shownText } from "../../core/text/markup.ts";

/** A line's text as it was asked for. */
export interface LineTexts {
  text: string;
  /** As players read it, without its tags; left out where that is the same. */
  shown?: string;
}

export function lineTexts(text: string, shown: string = shownText(text)): LineTexts {
  return shown === text ? { text } : { text, shown };
}
