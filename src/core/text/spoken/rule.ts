import type { Piece } from "../piece.ts";

/** How one kind of notation is said. */
export interface Rule {
  /** Sticky: it is tried where a number, a sign or a word in capitals begins. */
  pattern: RegExp;
  /**
   * What is said for it, or undefined where it is none after all.
   */
  say: (match: RegExpExecArray, context: Context) => Saying;
}

/** What is said; with `from`, a stretch that began earlier; with `length`, only as much of the match. */
export type Saying = string | { said: string; back?: number; length?: number } | undefined;

export interface Context {
  text: string;
  /** Where the match begins. */
  at: number;
  /** Where the match ends. */
  end: number;
  /** Up to `LOOK_BEHIND` characters in front of it. */
  before: string;
  /** Where what was said before ends: nothing in front of it can be said anew. */
  done: number;
}

/** Characters that a rule may look back. */
export const LOOK_BEHIND = 32;

/** The rules of one language. */
export interface RuleSet {
  /** The next place at which a rule may begin, from `from` on; −1 where there is none. */
  find: (text: string, from: number) => number;
  /** Sticky: as much as is passed over where no rule takes a place; by default one character. */
  token: RegExp;
  /** The rules for a place, by the character there; the first that says something wins. */
  rulesAt: (char: string) => readonly Rule[];
}

/**
 * What the rules say of a text; what none takes is left out.
 * @param isFree whether a stretch may be rewritten
 */
export function rewritten(
  text: string,
  { find, token, rulesAt }: RuleSet,
  isFree: (from: number, to: number) => boolean = () => true,
): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  let at = find(text, 0);
  while (at >= 0) {
    const piece = pieceAt(text, at, done, rulesAt(text.charAt(at)));
    if (piece && isFree(piece.from, piece.to)) {
      pieces.push(piece);
      done = piece.to;
      at = find(text, Math.max(piece.to, at + 1));
    } else at = find(text, passed(text, at, token));
  }
  return pieces;
}

function passed(text: string, at: number, token: RegExp): number {
  token.lastIndex = at;
  return token.test(text) ? token.lastIndex : at + 1;
}

function pieceAt(text: string, at: number, done: number, rules: readonly Rule[]): Piece | undefined {
  const before = text.slice(Math.max(0, at - LOOK_BEHIND), at);
  for (const { pattern, say } of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    const end = at + match[0].length;
    const saying = say(match, { text, at, end, before, done });
    if (saying === undefined) continue;
    if (typeof saying === "string") return { from: at, to: end, said: saying };
    const from = at - (saying.back ?? 0);
    if (from < done) continue;
    return { from, to: saying.length === undefined ? end : at + saying.length, said: saying.said };
  }
  return undefined;
}
