import type { Piece } from "../piece.ts";

/** A stretch of a text and what is said for it, for engines that take phonetic letters also in these. */
export interface SpokenPiece extends Piece {
  /** International Phonetic Alphabet. */
  ipa?: string;
}
