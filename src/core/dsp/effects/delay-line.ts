/** Sound that comes back later. */
export class DelayLine {
  readonly #ring: Float32Array;
  #at = 0;

  /** @param samples the longest delay */
  constructor(samples: number) {
    this.#ring = new Float32Array(Math.ceil(samples) + 2);
  }

  /** What was written so many samples ago, 1…; between two samples it is read on the line between them. */
  read(samples: number): number {
    const whole = Math.floor(samples);
    const near = this.#ago(whole);
    return whole === samples ? near : near + (samples - whole) * (this.#ago(whole + 1) - near);
  }

  write(sample: number): void {
    this.#ring[this.#at] = sample;
    this.#at = this.#at + 1 === this.#ring.length ? 0 : this.#at + 1;
  }

  #ago(samples: number): number {
    const at = this.#at - samples;
    return this.#ring[at < 0 ? at + this.#ring.length : at] as number;
  }
}
