/**
 * Waiting for what may never come. Every wait for somebody else's code (an engine, a router, a text that is being
 * written) goes through here: it can be aborted, and where its end is not in sight it has a limit.
 * @module
 */

import { Countdown, stepOf } from "./countdown.ts";
import { nextTurn } from "./time-slicer.ts";

/** After so many ms everybody else on the thread has a turn: a source may go on without ever waiting for anything. */
const TURN_MS = 8;

/** How long something may be waited for. */
export interface WaitLimit {
  /** ms, without those in which this thread was held up. */
  ms: number;
  /** Makes the error that is thrown then. */
  late: () => unknown;
}

/** How long a source may be waited for: `ms` of waiting without an item that counts, all waits together. */
export interface Silence<T> extends WaitLimit {
  /** Whether an item is a sign of life; by default each is. */
  counts?: (item: T) => boolean;
}

/**
 * The items of `source` until `signal` aborts; then it throws `signal.reason` at once, even while the source
 * is waiting, and lets the source clean up. With `silence` it gives up by itself, too.
 */
export function abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
  silence?: Silence<T>,
): AsyncIterableIterator<T> {
  return new AbortableItems(source, signal, silence);
}

/** Written out: a generator would wait three times more for each item. */
class AbortableItems<T> implements AsyncIterableIterator<T> {
  readonly #source: AsyncIterable<T>;
  readonly #wait: ItemWait;
  readonly #counts: ((item: T) => boolean) | undefined;
  #iterator: AsyncIterator<T> | undefined;
  #turnAt = 0;
  #isOver = false;

  constructor(source: AsyncIterable<T>, signal: AbortSignal | undefined, silence: Silence<T> | undefined) {
    this.#source = source;
    this.#wait = new ItemWait(signal, silence);
    this.#counts = silence?.counts;
  }

  async next(): Promise<IteratorResult<T>> {
    if (this.#isOver) return { done: true, value: undefined };
    try {
      const iterator = this.#iterator ?? this.#begin();
      if (performance.now() - this.#turnAt > TURN_MS) {
        await nextTurn();
        this.#turnAt = performance.now();
      }
      this.#wait.throwIfOver();
      const result = await this.#wait.for(iterator.next());
      if (result.done) this.#end();
      else this.#wait.got(this.#counts?.(result.value) ?? true);
      return result;
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<T>> {
    this.#end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #begin(): AsyncIterator<T> {
    const iterator = this.#source[Symbol.asyncIterator]();
    this.#iterator = iterator;
    this.#turnAt = performance.now();
    this.#wait.begin();
    return iterator;
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wait.end();
    letGo(() => this.#iterator?.return?.());
  }
}

/** Waiting for one item after the other: a listener for each of them would cost more than most items do. */
class ItemWait {
  readonly #signal: AbortSignal | undefined;
  readonly #limit: WaitLimit | undefined;
  readonly #abort = (): void => this.#reject?.(this.#signal?.reason);
  /** ms of waiting that are left. */
  #leftMs: number;
  /** When the wait of now began. */
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer is to come. */
  #dueAt = 0;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(signal: AbortSignal | undefined, limit: WaitLimit | undefined) {
    this.#signal = signal;
    this.#limit = limit;
    this.#leftMs = limit?.ms ?? 0;
  }

  begin(): void {
    this.#signal?.addEventListener("abort", this.#abort, { once: true });
  }

  throwIfOver(): void {
    this.#signal?.throwIfAborted();
    if (this.#limit && this.#leftMs <= 0) throw this.#limit.late();
  }

  /** The item, or a rejection where it is not waited for any longer. */
  for<T>(item: T | PromiseLike<T>): Promise<T> {
    if (this.#limit) {
      this.#since = performance.now();
      if (this.#timer === undefined) this.#lookIn(this.#leftMs);
    }
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject;
      // What only looks like a promise may throw when it is asked.
      Promise.resolve(item).then(resolve, reject);
    });
  }

  /** An item came. @param isSign of life: the time begins anew */
  got(isSign: boolean): void {
    if (!this.#limit || this.#since === undefined) return;
    this.#leftMs = isSign ? this.#limit.ms : this.#leftMs - (performance.now() - this.#since);
    this.#since = undefined;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#abort);
  }

  /** One timer for all waits. */
  #lookIn(leftMs: number): void {
    const ms = Math.max(1, Math.min(leftMs, stepOf(this.#limit?.ms ?? 0)));
    this.#dueAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  /** Where some waits have ended meanwhile, it looks again when the rest is used up. */
  #look(): void {
    const now = performance.now();
    // While this thread was held up it could not have seen an item.
    if (this.#since !== undefined) this.#since = Math.min(now, this.#since + Math.max(0, now - this.#dueAt));
    const leftMs = this.#leftMs - (this.#since === undefined ? 0 : now - this.#since);
    // A timer may be early by less than a millisecond.
    if (this.#since !== undefined && leftMs < 1) this.#reject?.(this.#limit?.late());
    else this.#lookIn(leftMs);
  }
}

/** The promise, or a rejection with `signal.reason` if that comes first. */
export function untilAborted<T>(promise: T | PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return within(promise, undefined, signal);
}

/** The promise, or a rejection with what `limit` or `signal` has to say if that comes first. */
export function within<T>(
  promise: T | PromiseLike<T>,
  limit: WaitLimit | undefined,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted) {
      // Nobody is interested any more in how it ends, and that is no unhandled rejection.
      Promise.resolve(promise).then(undefined, () => undefined);
      reject(signal.reason);
      // The result is not needed any more.
      letGo(() => promise);
      return;
    }
    const abort = (): void => {
      settle();
      reject(signal?.reason);
    };
    const countdown = limit && new Countdown(limit.ms, () => abandon(limit));
    const settle = (): void => {
      countdown?.stop();
      signal?.removeEventListener("abort", abort);
    };
    const abandon = ({ late }: WaitLimit): void => {
      settle();
      reject(late());
    };
    signal?.addEventListener("abort", abort, { once: true });
    // What only looks like a promise may throw when it is asked.
    Promise.resolve(promise).then(
      (value) => {
        settle();
        resolve(value);
      },
      (error) => {
        settle();
        reject(error);
      },
    );
  });
}

/** Has something clean up; whether it does, and when, nobody waits for. Never throws. */
export function letGo(cleanUp: () => unknown): void {
  try {
    Promise.resolve(cleanUp()).catch(() => undefined);
  } catch {
    // It is let go all the same.
  }
}

/** A log that may throw, or reject, and nobody is the worse for it; without one, nothing is told. */
export function quietly(log: ((message: string) => void) | undefined): (message: string) => void {
  return (message) => letGo(() => log?.(message));
}
