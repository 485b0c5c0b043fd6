import type { Emitter } from "./emitter.ts";
import type { Line } from "./line.ts";
import type { PartyEvents } from "./party-events.ts";

/** Lines that wait to be taken; at the limit the oldest go. */
const MAX_WAITING = 256;

/** Lines to be taken one by one, in the order they were told. */
export class LineQueue implements AsyncIterableIterator<Line, undefined> {
  #waiting: Line[] = [];
  /** Those who wait for a line. */
  #takers: (() => void)[] = [];
  #ended = false;
  readonly #onReturn: () => void;

  /** @param onReturn called once, when nobody takes lines any more */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  push(line: Line): void {
    this.#waiting = [...this.#waiting, line].slice(-MAX_WAITING);
    this.#wake();
  }

  /** No line follows; those that wait may still be taken. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onReturn();
    this.#wake();
  }

  async next(): Promise<IteratorResult<Line, undefined>> {
    while (this.#waiting.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => this.#takers.push(resolve));
    }
    const value = this.#waiting.shift();
    return value ? { done: false, value } : { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Line, undefined>> {
    this.#waiting = [];
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #wake(): void {
    for (const wake of this.#takers.splice(0)) wake();
  }
}

/** Every line that a client hears from now on, until it is closed or refused. */
export function linesOf(client: Pick<Emitter<PartyEvents>, "on">): LineQueue {
  const queue = new LineQueue(() => {
    for (const stop of stops) stop();
  });
  const stops = [
    client.on("told", (line) => queue.push(line)),
    client.on("state", ({ name }) => (name === "closed" || name === "refused") && queue.end()),
  ];
  return queue;
}
