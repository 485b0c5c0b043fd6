/**
 * Fires once when nothing was heard for `limitMs`: a phone that left the Wi-Fi is not told that its socket is
 * dead. Silent until armed, because not every server pings.
 */
export class IdleTimeout {
  readonly #limitMs: number;
  readonly #ring: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(limitMs: number, ring: () => void) {
    this.#limitMs = limitMs;
    this.#ring = ring;
  }

  /** From now on silence is suspicious. */
  arm(): void {
    this.disarm();
    this.#timer = setTimeout(this.#ring, this.#limitMs);
  }

  /** Something was heard. */
  heard(): void {
    if (this.#timer !== undefined) this.arm();
  }

  disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
