/** Callbacks for the progress of a source. */
export interface Tap<T> {
  item(item: T): void;
  /** It has given all. */
  end(): unknown;
  /** It has thrown; what is thrown instead. */
  fail(error: unknown): unknown;
}

/**
 * The items of a source, heard by `tap`. A generator would do the same, and wait three times more for each of them.
 * @param open the source, when the first item is asked for
 */
export function tapped<T>(open: () => AsyncIterable<T>, tap: Tap<T>): AsyncIterableIterator<T> {
  let source: AsyncIterator<T> | undefined;
  let isOver = false;
  return {
    async next(): Promise<IteratorResult<T>> {
      try {
        source ??= open()[Symbol.asyncIterator]();
        const result = await source.next();
        if (!result.done) tap.item(result.value);
        else if (!isOver) {
          isOver = true;
          tap.end();
        }
        return result;
      } catch (error) {
        throw tap.fail(error);
      }
    },
    async return(): Promise<IteratorResult<T>> {
      await source?.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
