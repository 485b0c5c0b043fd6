import { countSpoken } from "../../../core/text/sentences.ts";

/** After so long without text or sound, the clips still expected will not come. */
const QUIET_MS = 5_000;
/** Texts that may be waiting for their sound. */
const MAX_LINES = 256;

/**
 * Finds the line a clip belongs to. dm20's audio does not name it, and texts run ahead of sound; but sound
 * comes in the order of the texts, one clip a sentence, so counting sentences tells. A sentence that no
 * engine could speak, or a line of higher priority, misleads it until the next pause.
 */
export class ClipMatcher {
  readonly #now: () => number;
  #waiting: { id: string; clips: number }[] = [];
  #lastAt = 0;

  /** @param now a clock in ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A line's text came. */
  text(id: string, content: string): void {
    if (this.#now() - this.#lastAt > QUIET_MS) this.#waiting = [];
    this.#lastAt = this.#now();
    const clips = sentencesIn(content);
    if (clips > 0) this.#waiting = [...this.#waiting, { id, clips }].slice(-MAX_LINES);
  }

  /** A clip came: the id of its line, if any line came before. */
  clip(): string | undefined {
    this.#lastAt = this.#now();
    if (this.#waiting.length > 1 && this.#waiting[0]?.clips === 0) this.#waiting.shift();
    const line = this.#waiting[0];
    if (line && line.clips > 0) line.clips -= 1;
    return line?.id;
  }
}

function sentencesIn(content: string): number {
  return countSpoken(content);
}
