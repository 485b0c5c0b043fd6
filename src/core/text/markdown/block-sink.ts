/**
 * What a stretch of lines is. `code`: said only if it is a word; `rule`: lines, rows of dashes, definitions of links,
 * for the eye alone.
 */
export type BlockKind = "paragraph" | "item" | "heading" | "row" | "quote" | "code" | "rule";

/** Takes what is found in a text, in order. What is given to it adds up to the text, but for line breaks. */
export interface BlockSink {
  open(kind: BlockKind): void;
  end(kind: BlockKind): void;
  /** Shown, and said as it stands. */
  text(written: string): void;
  /** Shown, not said. */
  eye(written: string): void;
  /** Shown, and said in other words. */
  say(written: string, said: string): void;
  /** A line of the block has ended. @param next what the next line begins with */
  lineBreak(next: string): void;
  /** The last character was said too early: it is for the eye. */
  unsay(): void;
}
