import { BardcastError } from "../errors.ts";
import { onAbort } from "./on-abort.ts";

interface Waiter {
  begin: () => void;
  refuse: (error: BardcastError) => void;
}

/**
 * Turns at what only so many may do at once. Groups get them one after the other, however much each of them wants; within a
 * group, who comes first is served first.
 */
export class FairTurns {
  readonly #maxWaiting: number;
  /** In the order in which groups are served next; a group that waits for nothing is not in it. */
  readonly #groups = new Map<string, Waiter[]>();
  #free: number;

  /**
   * @param turns at once, at least 1
   * @param maxWaiting of one group
   */
  constructor(turns: number, maxWaiting: number) {
    if (!(turns >= 1)) throw new RangeError("at least one must get through");
    this.#free = turns;
    this.#maxWaiting = maxWaiting;
  }

  /** Those of all groups, or of one, that wait. */
  waiting(group?: string): number {
    if (group !== undefined) return this.#groups.get(group)?.length ?? 0;
    return [...this.#groups.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /**
   * Resolves when it is this one's turn, with what ends the turn.
   * @throws BardcastError `busy` where too many of the group wait already, `cancelled`
   */
  async take(group: string, signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) throw new BardcastError("cancelled", "cancelled");
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(group, signal);
    let isOver = false;
    return () => {
      if (!isOver) this.#next();
      isOver = true;
    };
  }

  async #wait(group: string, signal: AbortSignal | undefined): Promise<void> {
    const waiting = this.#groups.get(group) ?? [];
    if (waiting.length >= this.#maxWaiting) {
      const message = `${waiting.length} sentences are waiting to be spoken already`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    this.#groups.set(group, waiting);
    let stopListening = (): void => undefined;
    try {
      await new Promise<void>((begin, refuse) => {
        const waiter = { begin, refuse };
        waiting.push(waiter);
        stopListening = onAbort(signal, () => {
          const at = waiting.indexOf(waiter);
          // It has been served in this very turn.
          if (at < 0) return;
          waiting.splice(at, 1);
          if (waiting.length === 0) this.#groups.delete(group);
          refuse(new BardcastError("cancelled", "cancelled"));
        });
      });
    } finally {
      stopListening();
    }
  }

  #next(): void {
    const [first] = this.#groups;
    if (!first) {
      this.#free += 1;
      return;
    }
    const [group, waiting] = first;
    this.#groups.delete(group);
    const waiter = waiting.shift();
    // Behind all the others that wait.
    if (waiting.length > 0) this.#groups.set(group, waiting);
    waiter?.begin();
  }
}
