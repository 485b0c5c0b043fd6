import type { SpeechTextMessage } from "../../core/protocol/v2.ts";

/** Sentences of one line that can be pointed at. */
const MAX_SENTENCES = 10_000;

/** A place in a line's text. */
export interface TextPlace {
  sentence: number;
  /** Where the word stands in the sentence: UTF-16 units. Unknown without the times of words. */
  charStart?: number;
  charLength?: number;
}

/** The sentences of one line, and what is being said when. */
export class SentenceTimes {
  readonly #sentences = new Map<number, SpeechTextMessage>();

  add(message: SpeechTextMessage): void {
    if (this.#sentences.size >= MAX_SENTENCES && !this.#sentences.has(message.sentence)) return;
    this.#sentences.set(message.sentence, message);
  }

  text(sentence: number): string | undefined {
    return this.#sentences.get(sentence)?.text;
  }

  /** What is being said at `ms` of the line; a word lasts until the next one begins. */
  at(ms: number): TextPlace | undefined {
    let current: SpeechTextMessage | undefined;
    for (const message of this.#sentences.values()) {
      if (message.atMs === undefined || message.atMs > ms) continue;
      if (message.atMs >= (current?.atMs ?? 0)) current = message;
    }
    if (!current) return undefined;
    const word = current.words?.findLast(([, , startMs]) => startMs <= ms);
    const { sentence } = current;
    return word ? { sentence, charStart: word[0], charLength: word[1] } : { sentence };
  }
}
