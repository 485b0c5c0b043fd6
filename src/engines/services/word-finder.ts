import type { WordTime } from "../../core/dsp/audio.ts";

/** Characters that may be skipped to find a word: numbers and signs are spoken as other words. */
const REACH = 80;

/** Finds the words that a service says it spoke in the text that it was given, one after the other. */
export class WordFinder {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    const lower = text.toLowerCase();
    // Some letters become longer when they are lower-cased; positions count more than those.
    this.#text = lower.length === text.length ? lower : text;
  }

  /** Where the word stands, or undefined where it was not written like that. */
  find(spoken: string): [charStart: number, charLength: number] | undefined {
    const word = spoken
      .trim()
      .toLowerCase()
      .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
    if (word === "") return undefined;
    const within = this.#text.slice(this.#at, this.#at + REACH + word.length);
    const whole = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(word)}(?![\\p{L}\\p{N}])`, "u");
    const at = [within.search(whole), within.indexOf(word)].find((each) => each >= 0);
    if (at === undefined) return undefined;
    const found = this.#at + at;
    this.#at = found + word.length;
    return [found, word.length];
  }

  /** The word and when it is heard, in ms; none where it is not found. */
  timed(spoken: string, startMs: number, endMs: number): WordTime[] {
    const place = this.find(spoken);
    return place ? [[...place, Math.round(startMs), Math.round(endMs)]] : [];
  }
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
