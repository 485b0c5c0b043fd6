/** How much of what a listener was handed they have still to hear, if they hear it without a pause. */
export class Playout {
  #until = 0;

  /** ms of sound ahead of the ear. */
  get aheadMs(): number {
    return Math.max(0, this.#until - performance.now());
  }

  /** Hands over `ms` of sound more. */
  add(ms: number): void {
    this.#until = Math.max(this.#until, performance.now()) + ms;
  }

  /** What another had ahead is heard here now. */
  join(other: Playout): void {
    this.#until = Math.max(this.#until, other.#until);
  }

  /** Nothing is ahead any more; returns how much was. */
  clear(): number {
    const ahead = this.aheadMs;
    this.#until = 0;
    return ahead;
  }
}
