/** Resolves in a later turn of the event loop, after whatever I/O waits there. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** `work`, but run once in the next turn, however often it is called in this one. */
export function oncePerTurn(work: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    void nextTurn().then(() => {
      isDue = false;
      work();
    });
  };
}

/**
 * Lets work that many parties do at once share the thread: whoever calls `pass()` after the turn's time is
 * used up goes on in the next turn. Nobody else on the thread waits longer than `budgetMs` plus one step.
 */
export class Turnstile {
  readonly #budgetMs: number;
  #next: Promise<void> | undefined;
  #openedAt = -Infinity;

  constructor(budgetMs = 4) {
    this.#budgetMs = budgetMs;
  }

  async pass(): Promise<void> {
    while (performance.now() - this.#openedAt > this.#budgetMs) {
      this.#next ??= nextTurn().then(() => {
        this.#next = undefined;
        this.#openedAt = performance.now();
      });
      await this.#next;
    }
  }
}
