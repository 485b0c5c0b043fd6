import { bytesOf, type KeptSentence } from "./kept-sentence.ts";

/** Bytes for what surrounds an entry. */
const OVERHEAD = 512;

/** Sentences by key, those used last; never more bytes than the limit. */
export class SentenceMemory {
  readonly #limit: number;
  /** The least recently used first. */
  readonly #entries = new Map<string, { sentence: KeptSentence; bytes: number }>();
  #bytes = 0;

  /** @param limitBytes 0 keeps nothing */
  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** Sentences kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** Their total size. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): KeptSentence | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.sentence;
  }

  /** Keeps it in the place of what was there; a sentence larger than the limit is not kept. */
  set(key: string, sentence: KeptSentence): void {
    this.#remove(key);
    const bytes = bytesOf(sentence) + 2 * key.length + OVERHEAD;
    if (bytes > this.#limit) return;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + bytes <= this.#limit) break;
      this.#remove(oldest);
    }
    this.#entries.set(key, { sentence, bytes });
    this.#bytes += bytes;
  }

  #remove(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
