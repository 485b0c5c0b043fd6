import { DelayLine } from "./delay-line.ts";
import type { Effect } from "./effect.ts";

/** ms between walls of a room of size 1; prime to one another at 24 kHz, so that no tone stands out. */
const PATHS_MS = [29.71, 34.29, 37.13, 41.04, 43.88, 47.29, 53.46, 59.13];

export interface Room {
  /** Hz */
  sampleRate: number;
  /** Factor of the ways between its walls; default 1. */
  size?: number;
  /** Seconds until the sound has fallen by 60 dB. */
  seconds: number;
  /** 0…1: how much of the high sound the walls swallow each time. */
  damping: number;
}

/**
 * The sound of a room without the direct one: a feedback delay network of eight lines (J.-M. Jot and A. Chaigne, "Digital
 * delay networks for designing artificial reverberators", AES 1991), mixed by a Householder matrix, which keeps the energy, so that it always dies away.
 */
export class Reverb implements Effect {
  readonly #lines: readonly DelayLine[];
  readonly #lengths: readonly number[];
  readonly #gains: readonly number[];
  readonly #damping: number;
  readonly #damped: Float64Array = new Float64Array(PATHS_MS.length);

  constructor({ sampleRate, size = 1, seconds, damping }: Room) {
    this.#lengths = PATHS_MS.map((ms) => Math.round((ms * size * sampleRate) / 1000));
    this.#lines = this.#lengths.map((length) => new DelayLine(length));
    this.#gains = this.#lengths.map((length) => 10 ** ((-3 * length) / (seconds * sampleRate)));
    this.#damping = damping;
  }

  next(sample: number): number {
    let sum = 0;
    let out = 0;
    for (let i = 0; i < this.#lines.length; i++) {
      const arrived = this.#lines[i]?.read(this.#lengths[i] as number) as number;
      const damped = arrived + this.#damping * ((this.#damped[i] as number) - arrived);
      this.#damped[i] = damped;
      sum += damped;
      out += i % 2 === 0 ? damped : -damped;
    }
    const shared = (2 * sum) / this.#lines.length;
    for (let i = 0; i < this.#lines.length; i++) {
      const back = ((this.#damped[i] as number) - shared) * (this.#gains[i] as number);
      this.#lines[i]?.write(sample + back);
    }
    return out / Math.sqrt(this.#lines.length);
  }
}
