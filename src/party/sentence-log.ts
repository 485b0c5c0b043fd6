import { type Deferred, deferred } from "../core/deferred.ts";
import type { Encoding } from "../engines/sentence-job.ts";

/** One sentence, spoken and encoded, as every listener gets it. */
export interface SpokenSentence {
  /** From 0, counted over the sentences that have audio. */
  index: number;
  durationMs: number;
  /** Messages by encoding, in order; shared by all listeners, copied by none. */
  messages: ReadonlyMap<Encoding, readonly string[]>;
}

/**
 * The spoken sentences of one line, written once and read by every listener at their own pace. What all
 * have read is dropped; a reader who falls further behind than the limit loses the oldest sentences.
 */
export class SentenceLog {
  readonly #limitBytes: number;
  readonly #cursors = new Set<SentenceCursor>();
  #kept: SpokenSentence[] = [];
  #bytes = 0;
  #head = 0;
  #lead = 0;
  #ended = false;
  #written: Deferred<void> = deferred();
  #read: Deferred<void> = deferred();

  /** @param limitBytes of messages kept for slow readers */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Sentences written so far. */
  get head(): number {
    return this.#head;
  }

  /** A reader of everything from now on. */
  open(): SentenceCursor {
    const cursor = new SentenceCursor(this, this.#head);
    this.#cursors.add(cursor);
    return cursor;
  }

  append(sentence: Omit<SpokenSentence, "index">): void {
    if (this.#ended) return;
    const kept = { ...sentence, index: this.#head++ };
    this.#kept.push(kept);
    this.#bytes += bytesOf(kept);
    this.#trim();
    this.#announce();
  }

  /** Nothing more is written; readers take what is there. */
  end(): void {
    this.#ended = true;
    this.#announce();
  }

  /** Nothing more is written or read. */
  cut(): void {
    this.#kept = [];
    this.#bytes = 0;
    for (const cursor of this.#cursors) cursor.skipTo(this.#head);
    this.end();
  }

  /**
   * Waits until the fastest reader is at most `ahead` sentences behind what was written.
   * False where nobody reads any more.
   */
  async wanted(ahead: number): Promise<boolean> {
    while (this.#cursors.size > 0 && !this.#ended) {
      if (this.#lead > 0 && this.#head - this.#lead < ahead) return true;
      await this.#read.promise;
    }
    return false;
  }

  /** @internal The sentence at `index`, once it is there; undefined after the last. */
  async take(index: number): Promise<SpokenSentence | undefined> {
    if (index + 1 > this.#lead) {
      this.#lead = index + 1;
      this.#wakeWriter();
    }
    while (index >= this.#head && !this.#ended) await this.#written.promise;
    return this.#kept[index - (this.#head - this.#kept.length)];
  }

  /** @internal */
  release(cursor: SentenceCursor): void {
    this.#cursors.delete(cursor);
    this.#wakeWriter();
  }

  /** Drops what all have read, and what does not fit although somebody has not. */
  #trim(): void {
    const slowest = Math.min(...[...this.#cursors].map((cursor) => cursor.position));
    let first = this.#head - this.#kept.length;
    while (this.#kept.length > 1 && (first < slowest || this.#bytes > this.#limitBytes)) {
      const dropped = this.#kept.shift();
      if (dropped) this.#bytes -= bytesOf(dropped);
      first += 1;
    }
    for (const cursor of this.#cursors) cursor.skipTo(first);
  }

  #announce(): void {
    this.#written.resolve();
    this.#written = deferred();
    this.#wakeWriter();
  }

  #wakeWriter(): void {
    this.#read.resolve();
    this.#read = deferred();
  }
}

/** One listener's place in the log. */
export class SentenceCursor {
  readonly #log: SentenceLog;
  #position: number;
  #missed = 0;
  #open = true;

  constructor(log: SentenceLog, position: number) {
    this.#log = log;
    this.#position = position;
  }

  /** Index of the sentence that comes next. */
  get position(): number {
    return this.#position;
  }

  /** Sentences that were dropped before they could be read. */
  get missed(): number {
    return this.#missed;
  }

  /** The next sentence, once it was spoken; undefined after the last, or after `close()`. */
  async next(): Promise<SpokenSentence | undefined> {
    if (!this.#open) return undefined;
    const sentence = await this.#log.take(this.#position);
    if (!sentence || !this.#open) return undefined;
    this.#position = sentence.index + 1;
    return sentence;
  }

  /** Goes on at `index` where that lies ahead. */
  skipTo(index: number): void {
    if (index <= this.#position) return;
    this.#missed += index - this.#position;
    this.#position = index;
  }

  /** Reads no more; the log keeps nothing for it. */
  close(): void {
    this.#open = false;
    this.#log.release(this);
  }
}

function bytesOf(sentence: SpokenSentence): number {
  let bytes = 0;
  for (const messages of sentence.messages.values()) {
    for (const message of messages) bytes += message.length;
  }
  return bytes;
}
