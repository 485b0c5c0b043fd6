import { type GainRamp, gainOfVolume, type SoundVolumes } from "../../core/protocol/sounds.ts";

/** How loud the place is, and for whom it is softer. */
export interface Levels {
  master: number;
  players: ReadonlyMap<string, number>;
}

/** To another volume, without a click. */
export const GLIDE_MS = 200;

/** Players for whom the place is softer than for others. */
const MAX_SOFTER = 1_000;

const SILENCE: Levels = { master: 0, players: new Map() };

/** The gain of the whole place at a player's devices. */
export function factorOf({ master, players }: Levels, player: string): number {
  return gainOfVolume(master) * gainOfVolume(players.get(player) ?? 1);
}

/** How loud the place is from some time on, and what it was until then. */
export class PlaceLevels {
  #chosen: Levels;
  #before: Levels;
  #at = 0;
  /** Who wants it to be silent. */
  readonly #holds = new Set<object>();

  constructor(chosen: Levels) {
    this.#chosen = chosen;
    this.#before = chosen;
  }

  get chosen(): Levels {
    return this.#chosen;
  }

  /** Until `at`, ms of the server's clock. */
  get before(): Levels {
    return this.#before;
  }

  get at(): number {
    return this.#at;
  }

  /** What is not said stays as it is. */
  choose({ master = this.#chosen.master, players = {} }: SoundVolumes, at: number): void {
    const all = new Map([...this.#chosen.players, ...Object.entries(players)]);
    const softer = [...all].filter(([, volume]) => volume < 1).slice(-MAX_SOFTER);
    this.adopt({ master, players: new Map(softer) }, this.#heard, at);
  }

  /** As another process has chosen them. */
  adopt(levels: Levels, before: Levels, at: number): void {
    this.#before = before;
    this.#chosen = levels;
    this.#at = at;
  }

  /** Silence from then on, for one who wants it. */
  hold(hold: object, at: number): void {
    this.#before = this.#heard;
    this.#holds.add(hold);
    this.#at = at;
  }

  release(hold: object, at: number): void {
    this.#before = this.#heard;
    this.#holds.delete(hold);
    this.#at = at;
  }

  gainOf(player: string): GainRamp {
    const [from, to] = [factorOf(this.#before, player), factorOf(this.#heard, player)];
    return { from, to, at: this.#at, ms: GLIDE_MS };
  }

  get #heard(): Levels {
    return this.#holds.size > 0 ? SILENCE : this.#chosen;
  }
}
