/** ms until sound is asked for that may still be on its way; ms between two questions, and ms without any answer to them. */
const COMPANY_MS = 100;
const AGAIN_MS = 500;
const PATIENCE_MS = 4_000;

/** How much sound of a line there is where it is made, and from where on it is kept. */
export interface SoundThere {
  frames: number;
  clips: number;
  keptFrames?: number | undefined;
}

/** Asks for sound that did not come, again and again, until it is here, nobody keeps it any more, or nothing comes for long. */
export class SoundRecovery {
  readonly #ask: () => void;
  readonly #onHopeless: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When something came last, since sound is known to be missing. */
  #since: number | undefined;

  /** @param onHopeless called when it is not asked for any more */
  constructor(ask: () => void, onHopeless: () => void) {
    this.#ask = ask;
    this.#onHopeless = onHopeless;
  }

  /** Sound is missing. */
  begin(): void {
    if (this.#since !== undefined) return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#try(), COMPANY_MS);
  }

  /** Some of it came. */
  advance(): void {
    if (this.#since !== undefined) this.#since = performance.now();
  }

  /** Nothing is missing, or wanted, any more. */
  end(): void {
    clearTimeout(this.#timer);
    this.#since = undefined;
  }

  #try(): void {
    if (performance.now() - (this.#since ?? 0) > PATIENCE_MS) {
      this.end();
      this.#onHopeless();
      return;
    }
    this.#ask();
    this.#timer = setTimeout(() => this.#try(), AGAIN_MS);
  }
}
