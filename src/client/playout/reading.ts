import type { Manner, ReadAloud } from "../output/browser-voice.ts";

/** How fast a caption is read. */
export const READING_CHARS_PER_SECOND = 15;
/** A voice that takes this many times longer than reading is stuck. */
const MAX_SLOWNESS = 4;
const SHORTEST_MS = 500;

export interface ReadingOptions {
  text: string;
  manner: Manner;
  /** Undefined: the text is only shown. */
  readAloud: ReadAloud | undefined;
  /** A clock in ms. */
  now: () => number;
}

/** One sentence that has no sound: read out by the browser's voice, else shown for as long as reading takes. */
export class Reading {
  readonly #options: ReadingOptions;
  readonly #paceMs: number;
  #since: number;
  #voice: "speaking" | "done" | undefined;
  #wasHeard = false;
  #charAt = 0;
  #stop: () => void = () => undefined;

  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#paceMs = Math.max(SHORTEST_MS, (options.text.length * 1000) / READING_CHARS_PER_SECOND);
    this.#since = options.now();
    const { readAloud, text, manner } = options;
    if (!readAloud) return;
    this.#voice = "speaking";
    this.#stop = readAloud(text, manner, {
      word: (charStart) => {
        this.#wasHeard = true;
        this.#charAt = charStart;
      },
      end: () => {
        this.#wasHeard = true;
        this.#voice = "done";
      },
      failed: () => this.silence(),
    });
  }

  /** Whether a voice was heard. */
  get wasHeard(): boolean {
    return this.#wasHeard;
  }

  get isOver(): boolean {
    if (this.#voice === "done") return true;
    const limit = this.#voice === "speaking" ? this.#paceMs * MAX_SLOWNESS : this.#paceMs;
    return this.#elapsed >= limit;
  }

  /** The word being read. */
  get word(): { charStart: number; charLength: number } {
    const { text } = this.#options;
    const paced = (this.#elapsed / this.#paceMs) * text.length;
    return wordAround(text, this.#voice === "speaking" ? this.#charAt : paced);
  }

  /** Stops the voice: the rest is only shown. */
  silence(): void {
    if (this.#voice !== "speaking") return;
    const { text, now } = this.#options;
    this.#stop();
    this.#voice = undefined;
    this.#since = now() - (this.#charAt / (text.length || 1)) * this.#paceMs;
  }

  stop(): void {
    this.#stop();
  }

  get #elapsed(): number {
    return this.#options.now() - this.#since;
  }
}

/** The word at a place in the text, or the last one before it. */
function wordAround(text: string, at: number): { charStart: number; charLength: number } {
  let found = { charStart: 0, charLength: 0 };
  for (const { index, 0: word } of text.matchAll(/\S+/gu)) {
    if (found.charLength > 0 && index > at) break;
    found = { charStart: index, charLength: word.length };
  }
  return found;
}
