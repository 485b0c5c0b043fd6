import { shownText } from "../../../core/text/markup.ts";
import type { LineMessage } from "../../fan-out/line-parts.ts";
import { sentencesOf } from "../sentence.ts";
import type { BegunLine } from "./begun-line.ts";

/** What listeners are told of a line's text, as its maker tells it; nothing where it was still being written. */
export async function textsOf({ text, voice, ...reading }: BegunLine): Promise<LineMessage[]> {
  if (text === undefined) return [];
  const at = Date.now();
  const texts: LineMessage[] = [{ is: "whole", text: shownText(text), at }];
  const options = { ...reading, language: voice.language, maxChars: text.length };
  for await (const { index, shown } of sentencesOf(text, options))
    if (shown !== "") texts.push({ is: "sentence", sentence: index, text: shown, at });
  return texts;
}
