/** ms of sound held back at the start, to begin with and at most. */
export const FIRST_JITTER_DELAY_MS = 80;
export const MAX_JITTER_DELAY_MS = 1_500;
/** After this much sound without a hole the delay shrinks. */
const CALM_MS = 15_000;
const SHRINKS_TO = 0.8;

/** How long a start waits so that sound does not run dry: doubles when it did, and shrinks slowly. */
export class JitterDelay {
  #ms = FIRST_JITTER_DELAY_MS;
  #calmMs = 0;

  get ms(): number {
    return this.#ms;
  }

  /** Sound ran dry. */
  grow(): void {
    this.#ms = Math.min(MAX_JITTER_DELAY_MS, this.#ms * 2);
    this.#calmMs = 0;
  }

  /** That many ms of sound were heard without a hole. */
  rest(ms: number): void {
    this.#calmMs += ms;
    if (this.#calmMs < CALM_MS) return;
    this.#calmMs = 0;
    this.#ms = Math.max(FIRST_JITTER_DELAY_MS, this.#ms * SHRINKS_TO);
  }
}
