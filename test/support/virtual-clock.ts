/** A clock that is off and drifts, as every one is: the truth of it, for whoever may know. */
export class VirtualClock {
  readonly #trueTime: { readonly now: number };
  readonly #rate: number;
  #offset: number;

  /**
   * @param options.offset ms that it shows when the true time is 0
   * @param options.ppm by how many millionths it runs fast
   */
  constructor(trueTime: { readonly now: number }, options: { offset: number; ppm: number }) {
    this.#trueTime = trueTime;
    this.#offset = options.offset;
    this.#rate = 1 + options.ppm * 1e-6;
  }

  /** What it shows now, in ms. */
  get now(): number {
    return this.at(this.#trueTime.now);
  }

  /** What it shows at a true time. */
  at(trueMs: number): number {
    return this.#offset + trueMs * this.#rate;
  }

  /** The true time at which it shows that. */
  trueAt(shownMs: number): number {
    return (shownMs - this.#offset) / this.#rate;
  }

  /** Steps ahead, or back where negative; a clock that stood still for a while has stepped back. */
  jump(ms: number): void {
    this.#offset += ms;
  }
}
