/** Probes that follow each other at the beginning, each when the one before was answered. */
const FIRST_PROBES = 3;

/**
 * Asks for a sign of life now and then. Only a probe that was not answered in time is a sign of death:
 * timers of a page in the background fire late, and must not be taken for a silent server.
 */
export class Heartbeat {
  readonly #probe: () => void;
  readonly #dead: () => void;
  readonly #patienceMs: number;
  readonly #gapMs: (sent: number) => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timeout: ReturnType<typeof setTimeout> | undefined;
  #more = FIRST_PROBES - 1;
  #sent = 0;

  /**
   * @param options.gapMs from a probe to the next, after so many
   * @param options.patienceMs with a probe that is not answered
   */
  constructor(options: {
    gapMs: (sent: number) => number;
    patienceMs: number;
    probe: () => void;
    dead: () => void;
  }) {
    this.#probe = options.probe;
    this.#dead = options.dead;
    this.#patienceMs = options.patienceMs;
    this.#gapMs = options.gapMs;
    this.#beat();
  }

  /** The server said something. */
  heard(): void {
    clearTimeout(this.#timeout);
    this.#timeout = undefined;
  }

  /** A probe was answered. */
  answered(): void {
    if (this.#more-- > 0) this.#ask();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.heard();
    this.#more = 0;
  }

  #beat(): void {
    this.#ask();
    this.#timer = setTimeout(() => this.#beat(), this.#gapMs(this.#sent));
  }

  #ask(): void {
    this.#sent += 1;
    this.#timeout ??= setTimeout(this.#dead, this.#patienceMs);
    this.#probe();
  }
}
