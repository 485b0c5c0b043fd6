import { MAX_CAPTIONS } from "./captions.ts";
import type { Spoken } from "./player-options.ts";
import type { Line } from "./session/line.ts";

/** Text first: a line whose turn it is and of which nothing is heard for so long is shown without its sound. */
export const SILENT_MS = 5_000;

/** What is known of a line that is not shown whole yet. */
interface Hidden {
  line: Line;
  /** Up to where it was said, or has no sound: a sentence, and the end of the word in it where that is known. */
  upTo: { sentence: number; charEnd: number } | undefined;
  /** Since when it is its turn, with nothing heard of it. */
  dueAt: number | undefined;
  isTakenBack: boolean;
}

/** How much of each line is to be read by now, by what the game master has chosen. Nothing that was shown is hidden again. */
export class Reveals {
  readonly #now: () => number;
  /** Lines that are not over, in the order in which they were told. */
  readonly #open = new Map<string, Hidden>();
  readonly #over = new Set<string>();
  #current: string | undefined;

  /** @param now a clock in ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether anything waits to be shown that the time may bring. */
  get isWaiting(): boolean {
    return [...this.#open.values()].some(({ isTakenBack }) => !isTakenBack);
  }

  /** A line, or more of it. */
  text(line: Line): void {
    if (this.#over.has(line.id)) return;
    const known = this.#open.get(line.id);
    if (known) known.line = line;
    else this.#open.set(line.id, { line, upTo: undefined, dueAt: undefined, isTakenBack: false });
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_CAPTIONS && oldest !== undefined) this.#open.delete(oldest);
  }

  /** What is being said now. */
  spoken(spoken: Spoken | undefined): void {
    this.#current = spoken?.line;
    const hidden = spoken?.line === undefined ? undefined : this.#open.get(spoken.line);
    if (!hidden || spoken?.sentence === undefined) return;
    const { sentence, charStart, charLength = 0 } = spoken;
    // A sentence without the times of its words is shown whole.
    this.#reach(hidden, sentence, charStart === undefined ? Infinity : charStart + charLength);
  }

  /** A sentence has no sound. */
  silent(id: string, sentence: number): void {
    const hidden = this.#open.get(id);
    if (hidden) this.#reach(hidden, sentence, Infinity);
  }

  /** Nothing more of the line will be heard: what is left of it is only to be read. */
  over(id: string): void {
    if (this.#open.get(id)?.isTakenBack) return;
    this.#open.delete(id);
    this.#over.add(id);
    const [oldest] = this.#over;
    if (this.#over.size > MAX_CAPTIONS && oldest !== undefined) this.#over.delete(oldest);
  }

  /** The game master took back what was not said yet. */
  takenBack(id: string): void {
    const hidden = this.#open.get(id);
    if (hidden) hidden.isTakenBack = true;
  }

  /** What of the line's text is to be read; empty: nothing yet. */
  shown(line: Line): string {
    const hidden = this.#open.get(line.id);
    if (line.reveal === undefined || !hidden) return line.content;
    if (line.reveal === "at-once") return hidden.upTo || this.#isDue(hidden) ? line.content : "";
    if (this.#isSilent(hidden)) return line.content;
    return hidden.upTo ? line.content.slice(0, endOf(line, hidden.upTo)) : "";
  }

  /** UTF-16 units of its text that have been said. */
  said(line: Line): number {
    const upTo = this.#open.get(line.id)?.upTo;
    return upTo ? endOf({ ...line, reveal: "word" }, upTo) : 0;
  }

  #reach(hidden: Hidden, sentence: number, charEnd: number): void {
    const before = hidden.upTo ?? { sentence: -1, charEnd: 0 };
    if (sentence < before.sentence) return;
    const end = sentence === before.sentence ? Math.max(charEnd, before.charEnd) : charEnd;
    hidden.upTo = { sentence, charEnd: end };
  }

  /** Whether it is its turn: it sounds, or nothing does and nothing is to sound before it. */
  #isDue({ line, isTakenBack }: Hidden): boolean {
    if (this.#current !== undefined || isTakenBack) return this.#current === line.id;
    for (const [id, other] of this.#open) {
      if (id === line.id) return true;
      if (!other.isTakenBack) return false;
    }
    return true;
  }

  #isSilent(hidden: Hidden): boolean {
    if (!this.#isDue(hidden) || hidden.upTo) {
      hidden.dueAt = undefined;
      return false;
    }
    hidden.dueAt ??= this.#now();
    return this.#now() - hidden.dueAt >= SILENT_MS;
  }
}

function endOf(line: Line, { sentence, charEnd }: NonNullable<Hidden["upTo"]>): number {
  const found = line.sentences?.find((each) => each.sentence === sentence);
  if (!found) return sentence < (line.sentences?.[0]?.sentence ?? 0) ? 0 : line.content.length;
  const { start, text } = found;
  if (line.reveal !== "word") return start + text.length;
  const end = Math.min(charEnd, text.length);
  // What clings to a word comes with it: a full stop, a quotation mark.
  const [clinging = ""] = /^\S*/.exec(text.slice(end)) ?? [];
  return start + end + clinging.length;
}
