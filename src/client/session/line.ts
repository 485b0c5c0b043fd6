import type { WordTime } from "../../core/dsp/audio.ts";
import type { Clip } from "../../core/protocol/dm20.ts";
import type { SpeechBeginMessage } from "../../core/protocol/v2.ts";

/** A sentence of a line, and when its words are said, as far as that is known. */
export interface LineSentence {
  /** From 0. */
  sentence: number;
  text: string;
  /** Where it begins in the line's `content`: UTF-16 units. */
  start: number;
  /** When it begins in the line. */
  atMs?: number;
  /** Where they stand in the sentence, and when they are said in the line. */
  words?: readonly WordTime[];
}

/** What was said, as text. */
export interface Line {
  id: string;
  content: string;
  /** Not for everyone's ears. */
  private: boolean;
  /** Who whispered; known of private lines only. */
  from?: string;
  /** Whose line it is: `dm`, `combat`, or a character's id. */
  speaker?: string | undefined;
  /** The character's, as it is shown; without it no character speaks. */
  name?: string | undefined;
  /** The character's: one of six names of colours. */
  colour?: string | undefined;
  /** When its text is to appear, by what the game master has chosen; without it at once. */
  reveal?: SpeechBeginMessage["reveal"];
  /** ISO 8601 */
  timestamp: string;
  /** In order; known on the v2 wire only. */
  sentences?: readonly LineSentence[];
}

/** One playable file and the id of the line it belongs to. */
export interface LineClip extends Clip {
  line?: string;
}
