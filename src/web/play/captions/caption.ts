import type { Line } from "../../../client/index.ts";
import type { Sounds } from "../../../core/protocol/table-settings.ts";

/** A line as this page keeps it. */
export interface Caption extends Line {
  /** Nothing more of it will be heard. */
  isOver: boolean;
  /** UTF-16 units that had been said when the game master stopped it. */
  stoppedAt?: number;
  /** A player wrote it: this one, or another to everyone. */
  isAnswer?: "own" | "other";
  /** It was said while this device was away, and is not heard by itself any more. */
  isMissed?: boolean;
}

/** A line of which something is to be read by now. */
export interface ReadableCaption extends Caption {
  /** UTF-16 units of its text. */
  shown: number;
}

export const WORDS_APPEAR = ["at-once", "sentence", "word", "never"] as const;
/** When words are to appear on this device: no sooner than the game master has chosen. */
export type WordsAppear = (typeof WORDS_APPEAR)[number];

/** What somebody wants of the captions on this device. */
export interface Wanted {
  words: WordsAppear;
  /** Which lines they hear; undefined: all. */
  sounds?: Sounds | undefined;
  /** Whether their devices are the table's loudspeakers; undefined: it has none. */
  loudspeaker?: boolean | undefined;
}
