import { letGo } from "../../core/async/abortable.ts";
import { BardcastError } from "../../core/errors.ts";
import type { Encoding, SentenceEvent } from "../contract/sentence-job.ts";
import { type KeptSentence, keep } from "./kept-sentence.ts";

/** How a shared sentence is made. */
export interface SharedSentenceOptions {
  encodings: readonly Encoding[];
  /** Begins the synthesis. */
  speak: (signal: AbortSignal) => AsyncIterable<SentenceEvent>;
  /** Called once: with the sentence when it is complete, with nothing when it never will be. */
  onOver: (sentence: KeptSentence | undefined) => void;
}

/** One of those who say a shared sentence; to be left in any case. */
export interface Follower {
  /**
   * The next event, but for `progress`; undefined after the last. The frames are shared: only whoever began the
   * synthesis may write their headers, everybody else copies.
   * @throws BardcastError `cancelled` once the signal aborts, or whatever the engine throws
   */
  next(): Promise<SentenceEvent | undefined>;
  leave(): void;
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
  #isPulling = false;
  /** One function per follower, which wakes it if it is waiting. */
  readonly #followers = new Set<() => void>();
  #isOver = false;
  #failure: { error: unknown } | undefined;

  constructor({ encodings, speak, onOver }: SharedSentenceOptions) {
    this.encodings = encodings;
    this.#speak = speak;
    this.#onOver = onOver;
  }

  /** Says it from its first event on. Once `signal` aborts it is left at once, even while nobody takes events. */
  follow(signal: AbortSignal | undefined): Follower {
    let at = 0;
    let isGone = false;
    let resume: (() => void) | undefined;
    const wake = (): void => resume?.();
    const leave = (): void => {
      if (isGone) return;
      isGone = true;
      signal?.removeEventListener("abort", leave);
      this.#followers.delete(wake);
      wake();
      if (this.#followers.size === 0) this.#giveUp();
    };
    const next = async (): Promise<SentenceEvent | undefined> => {
      while (at >= this.#events.length && !this.#isOver && !isGone) {
        const woken = new Promise<void>((resolve) => {
          resume = resolve;
        });
        void this.#pull();
        await woken;
      }
      if (isGone) throw new BardcastError("cancelled", "cancelled");
      const event = this.#events[at];
      at += 1;
      if (!event && this.#failure) throw this.#failure.error;
      return event;
    };
    this.#followers.add(wake);
    signal?.addEventListener("abort", leave);
    if (signal?.aborted) leave();
    return { next, leave };
  }

  /** Waits for one event more; never rejects. */
  async #pull(): Promise<void> {
    if (this.#isPulling) return;
    this.#isPulling = true;
    try {
      this.#source ??= this.#speak(this.#abort.signal)[Symbol.asyncIterator]();
      const { done, value } = await this.#source.next();
      if (done) this.#end();
      else if (value.type !== "progress") this.#take(value);
    } catch (error) {
      this.#failure ??= { error };
      this.#end();
    }
    this.#isPulling = false;
    for (const wake of this.#followers) wake();
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
    if (sentence) letGo(() => this.#source?.next());
  }

  #giveUp(): void {
    if (this.#isOver) return;
    this.#end();
    this.#abort.abort(new BardcastError("cancelled", "cancelled"));
    letGo(() => this.#source?.return?.());
  }
}
