/**
 * A bounded queue between one producer and one consumer. `push` waits while it is full; iterating takes
 * items out in order, ends after `close()` and throws after `fail()`, in both cases once it is empty.
 */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  readonly #capacity: number;
  #closed = false;
  #failure: { error: unknown } | undefined;
  #wakeConsumer: (() => void) | undefined;
  #wakeProducer: (() => void) | undefined;

  /** @param capacity items that may wait, at least 1 */
  constructor(capacity: number) {
    if (!(capacity >= 1)) throw new RangeError("a queue holds at least one item");
    this.#capacity = capacity;
  }

  /** Items waiting. */
  get size(): number {
    return this.#items.length;
  }

  /** Whether nothing waits, and nothing more comes. */
  get isFinished(): boolean {
    return this.#closed && this.#items.length === 0;
  }

  /** Resolves once the item is in. @throws `signal.reason` if aborted while waiting. */
  async push(item: T, options: { signal?: AbortSignal } = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    while (this.#items.length >= this.#capacity && !this.#closed) {
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => reject(signal?.reason);
        signal?.addEventListener("abort", abort, { once: true });
        this.#wakeProducer = () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        };
      });
    }
    this.offer(item);
  }

  /** Puts the item in at once; false where it is full or closed and the item was not taken. */
  offer(item: T): boolean {
    if (this.#closed || this.#items.length >= this.#capacity) return false;
    this.#items.push(item);
    this.#wakeConsumer?.();
    return true;
  }

  /** No more items: the consumer ends after the ones that wait. */
  close(): void {
    this.#closed = true;
    this.#wakeConsumer?.();
    this.#wakeProducer?.();
  }

  /** The consumer throws `error` after the items that wait. */
  fail(error: unknown): void {
    if (this.#closed) return;
    this.#failure = { error };
    this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      while (this.#items.length > 0) {
        const item = this.#items.shift() as T;
        this.#wakeProducer?.();
        yield item;
      }
      if (this.#failure) throw this.#failure.error;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wakeConsumer = resolve;
      });
    }
  }
}
