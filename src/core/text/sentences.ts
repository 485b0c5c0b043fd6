import { BlockText } from "./block-text.ts";
import { BlockReader } from "./markdown/block-reader.ts";
import { type Passage, PassageSplitter } from "./passage-splitter.ts";
import { type Speakable, type StageDirections, speakableOf, spokenOf } from "./speakable.ts";

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

/**
 * What is to be said of a sentence that stands alone: markdown and stage directions are for the eye.
 * @param language BCP 47: how a link is said
 */
export function speakable(
  sentence: string,
  { language, stageDirections }: { language?: string; stageDirections?: StageDirections } = {},
): Speakable {
  const text = new BlockText();
  const reader = new BlockReader(
    {
      open: () => undefined,
      // The text of one block does not run on into the next.
      end: () => text.text(" "),
      text: (written) => text.text(written),
      eye: (written) => text.eye(written),
      say: (written, said) => text.say(written, said),
      lineBreak: (next) => text.lineBreak(next),
      unsay: () => text.unsay(),
    },
    language,
  );
  reader.push(sentence);
  reader.flush();
  const { text: shown, pieces } = text.cut(Number.POSITIVE_INFINITY);
  const spoken = spokenOf(shown, pieces, stageDirections);
  if (shown === sentence) return spoken;
  const places = placesOf(shown, sentence);
  const placed = spoken.pieces.map(({ from, to, said }) => {
    const place = places[from] ?? sentence.length;
    return { from: place, to: from < to ? (places[to - 1] ?? place) + 1 : place, said };
  });
  return speakableOf(sentence, placed);
}

/** Where the characters of a text with its white space folded stand in the text. */
function placesOf(folded: string, text: string): number[] {
  const places: number[] = [];
  let at = 0;
  for (let place = 0; place < folded.length; place++) {
    const isSpace = folded[place] === " ";
    while (at < text.length && /\s/u.test(text.charAt(at)) !== isSpace) at += 1;
    places.push(at);
    at += 1;
    if (isSpace) while (/\s/u.test(text.charAt(at))) at += 1;
  }
  return places;
}
