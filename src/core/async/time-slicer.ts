/** No standard, but most runtimes have it; a channel for every turn costs three to nine times as much. */
const { setImmediate: immediately } = globalThis as { setImmediate?: (work: () => void) => unknown };

/** Resolves in a later turn of the event loop, after whatever I/O waits there. */
export function nextTurn(): Promise<void> {
  return new Promise(inNextTurn);
}

function inNextTurn(work: () => void): void {
  if (immediately) immediately(work);
  else byMessage(work);
}

function byMessage(work: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    work();
  };
  port2.postMessage(null);
}

/** `work`, but run once in the next turn, however often it is called in this one. */
export function oncePerTurn(work: () => void): () => void {
  let isDue = false;
  const run = (): void => {
    isDue = false;
    work();
  };
  return () => {
    if (isDue) return;
    isDue = true;
    inNextTurn(run);
  };
}

/** So much work is done before the time is looked at again. */
const STEP = 16;

interface Waiting {
  goOn: () => void;
  /** Pieces of work that it does before it waits again. */
  works: number;
}

/**
 * Lets work that many parties do at once share the thread: whoever calls `pass()` after the turn's time is
 * used up goes on in a later turn, in order. Nobody else on the thread waits longer than `budgetMs` plus what
 * a few of them do before they wait again.
 */
export class TimeSlicer {
  readonly #budgetMs: number;
  #openedAt = -Infinity;
  #waiting: Waiting[] = [];

  constructor(budgetMs = 4) {
    this.#budgetMs = budgetMs;
  }

  /** Resolves when the turn has come; undefined where it need not be waited for, which is cheaper. */
  pass(): Promise<void> | undefined {
    return this.#pass(1);
  }

  /** Does `work` for each of them, in as many turns as it takes; what is added to them meanwhile has its turn, too. */
  async each<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
    let done = 0;
    for (const item of items) {
      work(item);
      done += 1;
      if (done % STEP === 0) await this.#pass(STEP);
    }
  }

  #pass(works: number): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.#hasTime) return undefined;
    return new Promise((goOn) => {
      if (this.#waiting.push({ goOn, works }) === 1) void this.#letThrough();
    });
  }

  get #hasTime(): boolean {
    return performance.now() - this.#openedAt <= this.#budgetMs;
  }

  async #letThrough(): Promise<void> {
    while (this.#waiting.length > 0) {
      await nextTurn();
      this.#openedAt = performance.now();
      let at = 0;
      do {
        for (let works = 0; works < STEP && at < this.#waiting.length; at++) {
          const next = this.#waiting[at];
          works += next?.works ?? 0;
          next?.goOn();
        }
        // They run before this goes on.
        await undefined;
      } while (at < this.#waiting.length && this.#hasTime);
      this.#waiting.splice(0, at);
    }
  }
}
