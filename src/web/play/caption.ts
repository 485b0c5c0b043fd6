import type { Line } from "../../client/index.ts";

/** More than any sentence has; a number that JSON knows. */
export const WHOLE_SENTENCE: number = Number.MAX_SAFE_INTEGER;

/** A place in a line up to which it has been said. */
export interface Said {
  sentence: number;
  /** UTF-16 units of the sentence, or `WHOLE_SENTENCE` where no more than that is known. */
  chars: number;
}

/** A line as this page shows it. */
export interface Caption extends Line {
  /** Undefined before its turn. */
  said?: Said | undefined;
  /** Nothing more of it will be heard. */
  isOver: boolean;
  /** It was stopped before its end. */
  isStopped?: boolean;
  /** It was said while this device was away, and is not heard by itself any more. */
  isMissed?: boolean;
}

export const WORDS_APPEAR = ["at-once", "sentence", "word", "never"] as const;
/** When the words of a line are shown, against when they are said. */
export type WordsAppear = (typeof WORDS_APPEAR)[number];

/** UTF-16 units of a caption's text that are shown; undefined: not a word of it is, nor who speaks. */
export function shownLength(caption: Caption, appear: WordsAppear): number | undefined {
  const { content, said, isOver, isStopped } = caption;
  if (appear === "at-once" || (isOver && !isStopped)) return content.length;
  if (!said) return undefined;
  return saidLength(caption, appear === "word" ? said.chars : WHOLE_SENTENCE);
}

/** UTF-16 units of a caption's text that were said before it was stopped. */
export function stoppedAt(caption: Caption): number {
  return caption.said ? saidLength(caption, caption.said.chars) : 0;
}

function saidLength({ content, said, sentences }: Caption, chars: number): number {
  const sentence = sentences?.find((each) => each.sentence === said?.sentence);
  if (!sentence) return content.length;
  const to = Math.min(chars, sentence.text.length);
  // What clings to a word comes with it: a full stop, a quotation mark.
  const [clinging = ""] = /^\S*/.exec(sentence.text.slice(to)) ?? [];
  return sentence.start + to + clinging.length;
}
