/**
 * The items of `source` until `signal` aborts; then it throws `signal.reason` at once, even while the source
 * is waiting, and lets the source clean up.
 */
export async function* abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const result = await untilAborted(iterator.next(), signal);
      if (result.done) return;
      yield result.value;
    }
  } finally {
    // A source that is waiting answers `return` only when it wakes; nobody waits for that.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** The promise, or a rejection with `signal.reason` if that comes first. */
export function untilAborted<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      // Nobody is interested any more in how it ends, and that is no unhandled rejection.
      promise.then(undefined, () => undefined);
      reject(signal.reason);
      return;
    }
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    const settle = (): void => signal.removeEventListener("abort", abort);
    promise.then(
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
