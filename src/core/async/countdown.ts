/** Of a limit, the time between two looks… */
const SHARE = 1 / 20;
/** …and no less than this, ms. */
const LEAST_MS = 10;

/** ms from one look at a limit of so many to the next. */
export function stepOf(limitMs: number): number {
  return Math.max(LEAST_MS, limitMs * SHARE);
}

/**
 * Time that others may take, as this thread saw it pass: where the thread was busy or the machine slept, answers may lie
 * ready that it could not take yet, and nobody is blamed for it. Being late is told by timers, which come late then.
 */
export class Countdown {
  readonly #onOver: () => void;
  readonly #stepMs: number;
  #leftMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param ms that it lasts @param onOver called once when they are over */
  constructor(ms: number, onOver: () => void) {
    this.#onOver = onOver;
    this.#leftMs = ms;
    this.#stepMs = stepOf(ms);
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    const ms = Math.min(this.#leftMs, this.#stepMs);
    this.#timer = setTimeout(() => {
      this.#leftMs -= ms;
      if (this.#leftMs > 0) this.#wait();
      else this.#onOver();
    }, ms);
  }
}
