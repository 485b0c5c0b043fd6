import { COUNTED } from "../sentences/counted.ts";

const BULLET = /[•⁃‣◦▪●]/u;
/** Characters before a place that are looked at. */
export const TAIL_CHARS = 24;

/** Finds the items of a list that stand in one line: `1) A rope 2) A torch`, `• a rope • a torch`. */
export class ItemFinder {
  /** What was looked for last, and found: a long line is searched once. */
  #found = { text: "", mark: "", at: -1, end: -1 };

  /**
   * The next item at or behind `at`.
   * @param number of the item that is open, if it has one
   * @param before what stands in the line before `at`
   * @returns where it begins, and the length of its mark: 0 where that is still open, or none comes
   */
  next(
    text: string,
    at: number,
    line: { number: { value: number; mark: string } | undefined; before: string; isOver: boolean },
  ): { at: number; length: number } {
    const none = { at: text.length, length: 0 };
    const { number, before, isOver } = line;
    if (BULLET.test(text.charAt(at)) && /^$|\s$/.test(before)) return { at, length: 1 };
    if (!number) return none;
    const mark = `${number.value + 1}${number.mark} `;
    const found = this.#find(text, at, mark);
    const isBehindSpace = (place: number): boolean =>
      /\s/.test(place > at ? text.charAt(place - 1) : before.slice(-1));
    const isInLine = found.at >= 0 && (found.end < 0 || found.at < found.end);
    if (isInLine && isBehindSpace(found.at)) {
      const tail = (before + text.slice(Math.max(at, found.at - TAIL_CHARS), found.at)).slice(-TAIL_CHARS);
      if (number.mark !== "." || !COUNTED.test(tail)) return { at: found.at, length: mark.length };
    }
    if (isOver || found.end >= 0) return none;
    for (let length = mark.length - 1; length > 0; length--) {
      const place = text.length - length;
      if (place >= at && text.endsWith(mark.slice(0, length)) && isBehindSpace(place)) {
        return { at: place, length: 0 };
      }
    }
    return none;
  }

  #find(text: string, from: number, mark: string): { at: number; end: number } {
    const found = this.#found;
    const isAhead = (at: number): boolean => at < 0 || at >= from;
    if (found.text !== text || found.mark !== mark || !isAhead(found.at) || !isAhead(found.end)) {
      this.#found = { text, mark, at: text.indexOf(mark, from), end: text.indexOf("\n", from) };
    }
    return this.#found;
  }
}
