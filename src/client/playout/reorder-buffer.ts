import type { Frame } from "../../core/protocol/frame.ts";

/** How long a frame that came too early waits for those before it. */
export const SORT_MS = 100;
/** Frames that may wait. */
const MAX_HELD = 32;

/**
 * Gives out the frames of one utterance in the order of their sequence, each once. What is missing is waited for
 * briefly, then given up: a listener who joins late or fell behind never gets it.
 */
export class ReorderBuffer<F extends Pick<Frame, "sequence"> = Frame> {
  #next = 0;
  readonly #held = new Map<number, F>();
  #heldSince = 0;

  /** Whether frames wait for others. */
  get isWaiting(): boolean {
    return this.#held.size > 0;
  }

  /** Takes a frame at `now` ms; returns those whose turn it is. */
  push(frame: F, now: number): F[] {
    if (frame.sequence < this.#next || this.#held.has(frame.sequence)) return [];
    if (this.#held.size === 0) this.#heldSince = now;
    this.#held.set(frame.sequence, frame);
    const ready = this.#run();
    if (ready.length > 0) this.#heldSince = now;
    return ready.length === 0 && this.#held.size > MAX_HELD ? this.#giveUp() : ready;
  }

  /** Those that have waited long enough at `now` ms. */
  due(now: number): F[] {
    return this.isWaiting && now - this.#heldSince >= SORT_MS ? this.#giveUp() : [];
  }

  /** Those that wait: nothing comes any more. */
  flush(): F[] {
    const rest: F[] = [];
    while (this.isWaiting) rest.push(...this.#giveUp());
    return rest;
  }

  #giveUp(): F[] {
    this.#next = Math.min(...this.#held.keys());
    return this.#run();
  }

  #run(): F[] {
    const ready: F[] = [];
    for (let frame = this.#held.get(this.#next); frame; frame = this.#held.get(this.#next)) {
      this.#held.delete(this.#next++);
      ready.push(frame);
    }
    return ready;
  }
}
