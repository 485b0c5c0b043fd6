import { untilAborted } from "../../core/async/abortable.ts";
import { BardcastError } from "../../core/errors.ts";
import type { Encoding, SentenceEvent } from "../contract/sentence-job.ts";
import { type KeptSentence, keep } from "./kept-sentence.ts";

export interface SharedSentenceOptions {
  encodings: readonly Encoding[];
  /** Begins the synthesis. */
  speak: (signal: AbortSignal) => AsyncIterable<SentenceEvent>;
  /** Called once: with the sentence when it is complete, with nothing when it never will be. */
  onOver: (sentence: KeptSentence | undefined) => void;
}

/**
 * A sentence that is being synthesised, once, for everybody who says it meanwhile. It goes on as long as one
 * of them wants it and as fast as the fastest takes it. What it holds is as long as an engine may speak.
 */
export class SharedSentence {
  readonly encodings: readonly Encoding[];
  readonly #speak: SharedSentenceOptions["speak"];
  readonly #abort = new AbortController();
  readonly #onOver: SharedSentenceOptions["onOver"];
  readonly #events: SentenceEvent[] = [];
  /** Once somebody has asked for it. */
  #source: AsyncIterator<SentenceEvent> | undefined;
  #pulling: Promise<void> | undefined;
  #followers = 0;
  #isOver = false;
  #failure: { error: unknown } | undefined;

  constructor({ encodings, speak, onOver }: SharedSentenceOptions) {
    this.encodings = encodings;
    this.#speak = speak;
    this.#onOver = onOver;
  }

  /**
   * Its events from the first on, but for `progress`. The frames are shared: only whoever began the synthesis
   * may write their headers, everybody else copies.
   * @throws BardcastError `cancelled` once `signal` aborts, or whatever the engine throws
   */
  follow(signal: AbortSignal | undefined): AsyncGenerator<SentenceEvent, void, undefined> {
    this.#followers += 1;
    let isGone = false;
    const gone = new AbortController();
    const leave = (): void => {
      if (isGone) return;
      isGone = true;
      signal?.removeEventListener("abort", leave);
      gone.abort(new BardcastError("cancelled", "cancelled"));
      this.#followers -= 1;
      if (this.#followers === 0) this.#giveUp();
    };
    // At once, even while nobody takes events.
    signal?.addEventListener("abort", leave);
    if (signal?.aborted) leave();
    return this.#read(gone.signal, leave);
  }

  async *#read(gone: AbortSignal, leave: () => void): AsyncGenerator<SentenceEvent, void, undefined> {
    try {
      for (let at = 0; ; at++) {
        while (at >= this.#events.length && !this.#isOver) {
          this.#pulling ??= this.#pull();
          await untilAborted(this.#pulling, gone);
        }
        gone.throwIfAborted();
        const event = this.#events[at];
        if (event) yield event;
        else if (this.#failure) throw this.#failure.error;
        else return;
      }
    } finally {
      leave();
    }
  }

  /** Waits for one event more. */
  async #pull(): Promise<void> {
    try {
      this.#source ??= this.#speak(this.#abort.signal)[Symbol.asyncIterator]();
      const { done, value } = await this.#source.next();
      if (done) this.#end();
      else if (value.type !== "progress") this.#take(value);
    } catch (error) {
      this.#failure ??= { error };
      this.#end();
    }
    this.#pulling = undefined;
  }

  #take(event: SentenceEvent): void {
    if (this.#isOver) return;
    this.#events.push(event);
    if (event.type === "end") this.#end(keep(this.#events, event));
  }

  #end(sentence?: KeptSentence): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onOver(sentence);
    // After its last event it only has to clean up; a source that hangs there is not waited for.
    if (sentence) void this.#source?.next().catch(() => undefined);
  }

  #giveUp(): void {
    if (this.#isOver) return;
    this.#end();
    this.#abort.abort(new BardcastError("cancelled", "cancelled"));
    void Promise.resolve(this.#source?.return?.()).catch(() => undefined);
  }
}
