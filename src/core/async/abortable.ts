/**
 * Waiting for what may never come. Every wait for somebody else's code (an engine, a router, a text that is being
 * written) goes through here: it can be aborted, and where its end is not in sight it has a limit.
 * @module
 */

import { nextTurn } from "./time-slicer.ts";

/** After so many ms everybody else on the thread has a turn: a source may go on without ever waiting for anything. */
const TURN_MS = 8;

/** How long something may be waited for. */
export interface WaitLimit {
  /** ms */
  ms: number;
  /** What is thrown then. */
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
export async function* abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
  silence?: Silence<T>,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let leftMs = silence?.ms ?? 0;
  let turnAt = performance.now();
  try {
    for (;;) {
      if (performance.now() - turnAt > TURN_MS) {
        await nextTurn();
        turnAt = performance.now();
      }
      signal?.throwIfAborted();
      if (silence && leftMs <= 0) throw silence.late();
      const next = iterator.next();
      const since = performance.now();
      const result = await within(next, silence && { ms: leftMs, late: silence.late }, signal);
      if (result.done) return;
      leftMs -= performance.now() - since;
      if (silence?.counts?.(result.value) ?? true) leftMs = silence?.ms ?? 0;
      yield result.value;
    }
  } finally {
    letGo(() => iterator.return?.());
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
      // What becomes of it concerns nobody any more.
      letGo(() => promise);
      return;
    }
    const abort = (): void => {
      settle();
      reject(signal?.reason);
    };
    const timer = limit && setTimeout(() => abandon(limit), limit.ms);
    const settle = (): void => {
      clearTimeout(timer);
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
