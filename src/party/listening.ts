import { deferred } from "../core/deferred.ts";
import type { Turnstile } from "../core/turn.ts";
import type { Connection } from "./connection.ts";
import type { Part } from "./lane.ts";
import type { SentenceCursor } from "./sentence-log.ts";

/** One connection listening to one line: its place in the line, and what it was handed. */
export class Listening implements Part {
  readonly connection: Connection;
  readonly priority: number;
  readonly order: number;
  /** Resolves when there is nothing left to hand over. */
  readonly settled: Promise<void>;
  /** ms of audio handed over. */
  handedMs = 0;
  readonly #cursor: SentenceCursor;
  readonly #turns: Turnstile;
  readonly #settle: () => void;
  #sentences = 0;
  #lost = false;

  constructor(
    connection: Connection,
    cursor: SentenceCursor,
    turns: Turnstile,
    rank: { priority: number; order: number },
  ) {
    this.connection = connection;
    this.priority = rank.priority;
    this.order = rank.order;
    this.#cursor = cursor;
    this.#turns = turns;
    const { promise, resolve } = deferred();
    this.settled = promise;
    this.#settle = resolve;
  }

  /** Was handed some audio. */
  get heard(): boolean {
    return this.#sentences > 0;
  }

  /** Was handed all of the `sentences` that had audio, and every text. */
  hasAll(sentences: number): boolean {
    return !this.#lost && this.#sentences === sentences;
  }

  /** Sends a text message of the line, outside the order of the audio. */
  tell(text: string): void {
    if (!this.connection.post(text)) this.#lost = true;
  }

  async perform(): Promise<void> {
    for (;;) {
      const sentence = await this.#cursor.next();
      if (!sentence) break;
      await this.#turns.pass();
      const handed = await this.connection.stream(sentence.messages.get(this.connection.encoding) ?? []);
      if (!handed) break;
      this.#sentences += 1;
      this.handedMs += sentence.durationMs;
    }
    this.#end();
  }

  abandon(): void {
    this.#lost = true;
    this.#end();
  }

  #end(): void {
    this.#cursor.close();
    this.#settle();
  }
}
