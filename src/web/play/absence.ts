/** The table tells who comes back what they missed within so many ms. */
const CATCHING_UP_MS = 3_000;
const TICK_MS = 1_000;
/** A page whose timers stood still for so long was asleep. */
const ASLEEP_MS = 5_000;

/** Knows which lines came only because this page was away from the table: out of touch, or asleep. */
export class Absence {
  #wasHere = false;
  #caughtUpAt = 0;
  #lastTick = Date.now();
  readonly #late = new Set<string>();

  constructor() {
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** The table knows this page, for the first time or again. */
  connected(): void {
    if (this.#wasHere) this.#return();
    this.#wasHere = true;
  }

  /** A line begins here. */
  begin(utterance: string): void {
    this.#tick();
    if (Date.now() < this.#caughtUpAt) this.#late.add(utterance);
  }

  /** Whether it came so; it is over. */
  wasLate(utterance: string): boolean {
    return this.#late.delete(utterance);
  }

  #tick(): void {
    const now = Date.now();
    if (now - this.#lastTick > ASLEEP_MS) this.#return();
    this.#lastTick = now;
  }

  #return(): void {
    this.#caughtUpAt = Date.now() + CATCHING_UP_MS;
  }
}
