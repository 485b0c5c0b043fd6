/** For how long a sentence that has ended is waited with, while nothing follows that would prove it. */
export interface Patience {
  /** ms behind an end that no rule doubts. */
  sureMs: number;
  /** ms behind one that may be none: `Dr.`, a number, a closing quote. */
  doubtfulMs: number;
  /** By default those of the runtime. */
  timers?: Timers;
}

export interface Timers {
  set(callback: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

export const PATIENCE: Readonly<Patience> = { sureMs: 250, doubtfulMs: 1000 };

const RUNTIME_TIMERS: Timers = {
  set: (callback, ms) => setTimeout(callback, ms),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** What a source gives, and that it gives nothing for a while. */
export type Paced<T> = { type: "item"; item: T } | { type: "pause"; isLong: boolean };

/**
 * The items of `source`, and between two of them, while `isWaiting`, a pause for each span of `patience` that has passed.
 * @throws whatever the source throws
 */
export async function* withPauses<T>(
  source: AsyncIterable<T>,
  { sureMs, doubtfulMs, timers = RUNTIME_TIMERS }: Patience,
  isWaiting: () => boolean,
): AsyncGenerator<Paced<T>, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      let result: IteratorResult<T> | undefined;
      let failure: { error: unknown } | undefined;
      let wake = (): void => undefined;
      const settled = iterator.next().then(
        (next) => {
          result = next;
          wake();
        },
        (error: unknown) => {
          failure = { error };
          wake();
        },
      );
      for (const [waitMs, isLong] of isWaiting()
        ? [[sureMs, false] as const, [doubtfulMs - sureMs, true] as const]
        : []) {
        await new Promise<void>((resolve) => {
          const timer = timers.set(resolve, Math.max(0, waitMs));
          wake = () => {
            timers.clear(timer);
            resolve();
          };
          if (result || failure) wake();
        });
        if (result || failure) break;
        yield { type: "pause", isLong };
      }
      await settled;
      if (failure) {
        isOver = true;
        throw failure.error;
      }
      if (!result || result.done) {
        isOver = true;
        return;
      }
      yield { type: "item", item: result.value };
    }
  } finally {
    // A source that is still waiting is told, but not waited for.
    if (!isOver) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
