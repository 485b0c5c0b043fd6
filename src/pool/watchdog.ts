/** Ticks of silence that are waited out. */
const PATIENCE = 4;

export interface Watched {
  /** Whether a sign of life is due. */
  isExpected(): boolean;
  /** Called where none is due: asks for one. */
  ask(): void;
  /** Nothing was heard for `hangMs`, or up to a quarter longer. Called once. */
  onSilence(): void;
}

/**
 * Notices when somebody falls silent. It counts its own ticks instead of time: where this thread was busy
 * or the machine slept, it ticked less, and nobody is blamed for it.
 */
export class Watchdog {
  readonly #watched: Watched;
  readonly #clock: ReturnType<typeof setInterval>;
  #silentTicks = 0;

  constructor(hangMs: number, watched: Watched) {
    this.#watched = watched;
    this.#clock = setInterval(() => this.#tick(), hangMs / PATIENCE);
  }

  /** There was a sign of life, or a reason to begin waiting anew. */
  reset(): void {
    this.#silentTicks = 0;
  }

  stop(): void {
    clearInterval(this.#clock);
  }

  #tick(): void {
    if (!this.#watched.isExpected()) {
      this.#silentTicks = 0;
      this.#watched.ask();
    } else if (++this.#silentTicks > PATIENCE) {
      this.stop();
      this.#watched.onSilence();
    }
  }
}
