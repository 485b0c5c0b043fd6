/** What a player may tell the game master: words, a raised hand, or a wish about what was heard. */
export const ANSWER_KINDS = ["text", "hand", "again", "slower"] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

/** Characters of an answer. */
export const MAX_ANSWER_CHARS = 1_000;

/** Body of `POST /api/answers`, and fields of the v2 message `answer` from a player. */
export interface AnswerRequest {
  kind: AnswerKind;
  /** With `text` always there. */
  text?: string | undefined;
  /** With `hand`; false: it is lowered. */
  raised?: boolean | undefined;
  /** For the game master alone. */
  private: boolean;
}

/** What a player has told. */
export interface Answer extends AnswerRequest {
  id: string;
  player: string;
  /** ISO 8601 */
  at: string;
}
