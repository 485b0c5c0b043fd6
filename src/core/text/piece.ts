/** A stretch of a written text and what is said for it. A stretch that is said as it is written maps character by character, any other as a whole. */
export interface Piece {
  /** Where it stands in the written text, UTF-16 units: `from` up to, not including, `to`. */
  from: number;
  to: number;
  said: string;
}
