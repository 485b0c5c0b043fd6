import { BardcastError } from "../errors.ts";

/** Waiting for a slot; one more is refused. */
const MAX_WAITING = 256;

/** Lets so many through at once; the others wait, first come, first served. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();
  /** Of whoever has a slot only for as long as nobody else wants it. */
  #spare: AbortController | undefined;

  /** @param count at least 1 */
  constructor(count: number) {
    if (!(count >= 1)) throw new RangeError("at least one must get through");
    this.#free = count;
  }

  /**
   * Resolves with what gives the slot back, once it is this one's turn.
   * @throws BardcastError `busy` where too many wait; `signal.reason` if aborted while waiting
   */
  async take(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    let isHeld = true;
    return () => {
      if (isHeld) this.#giveBack();
      isHeld = false;
    };
  }

  /**
   * A slot that nobody needs just now; `wanted` aborts as soon as somebody does, and then it is to be given back.
   * @throws BardcastError `busy` where there is none
   */
  takeSpare(): { wanted: AbortSignal; giveBack: () => void } {
    if (this.#free === 0 || this.#spare) throw new BardcastError("busy", "every slot is needed");
    const spare = new AbortController();
    this.#spare = spare;
    this.#free -= 1;
    return {
      wanted: spare.signal,
      giveBack: () => {
        if (this.#spare !== spare) return;
        this.#spare = undefined;
        this.#giveBack();
      },
    };
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    this.#spare?.abort(new BardcastError("busy", "somebody needs the slot"));
    if (this.#waiting.size >= MAX_WAITING) throw new BardcastError("busy", "too many sentences wait already");
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(enter);
        reject(signal?.reason);
      };
      const enter = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      this.#waiting.add(enter);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  #giveBack(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
