import { type Bed, type GainRamp, gainAt, type PlayingBed } from "../../core/protocol/sounds.ts";
import type { KeptBed } from "./kept-sounds.ts";
import type { SharedBed } from "./shared-place.ts";

interface PlayedBed {
  name: string;
  volume: number;
  startAt: number;
  gain: GainRamp;
}

/** The beds that play, in the order in which they began; those that fade out, until they are silent. Times are the server's. */
export class PlayedBeds {
  readonly #beds = new Map<string, PlayedBed>();
  readonly #now: () => number;

  /** @param gainOf what a bed's gain is, by its volume */
  constructor(
    now: () => number,
    kept: readonly KeptBed[],
    gainOf: (sound: string, volume: number) => number,
  ) {
    this.#now = now;
    for (const { sound, name, volume, startedAt } of kept) {
      const gain = gainOf(sound, volume);
      const startAt = now() - Math.max(0, Date.now() - startedAt);
      this.#beds.set(sound, { name, volume, startAt, gain: { from: gain, to: gain, at: 0, ms: 0 } });
    }
  }

  /** Another process has changed them. */
  adopt(beds: readonly SharedBed[]): void {
    this.#beds.clear();
    for (const { sound, ...bed } of beds) this.#beds.set(sound, bed);
  }

  /** As other processes take them. */
  get shared(): SharedBed[] {
    this.prune();
    return [...this.#beds].map(([sound, bed]) => ({ sound, ...bed }));
  }

  get isEmpty(): boolean {
    return this.#beds.size === 0;
  }

  /** As devices are told. */
  get told(): Bed[] {
    this.prune();
    return [...this.#beds].map(([sound, { startAt, gain }]) => ({ sound, startAt, gain }));
  }

  /** Of those that are to stay. */
  get kept(): KeptBed[] {
    const began = Date.now() - this.#now();
    return [...this.#beds]
      .filter(([, { gain }]) => gain.to > 0)
      .map(([sound, { name, volume, startAt }]) => ({
        sound,
        name,
        volume,
        startedAt: Math.round(began + startAt),
      }));
  }

  /** How each of them stands. */
  get all(): PlayingBed[] {
    const now = this.#now();
    this.prune();
    return [...this.#beds].map(([sound, { name, volume, startAt, gain }]) => ({
      sound,
      name,
      volume,
      playedMs: Math.max(0, Math.round(now - startAt)),
      ...(gain.to === 0 ? { leaving: true as const } : {}),
    }));
  }

  /** Those beside one that are to stay. */
  beside(sound: string): string[] {
    return [...this.#beds]
      .filter(([other, { gain }]) => other !== sound && gain.to > 0)
      .map(([other]) => other);
  }

  /** The volume of one that is to stay. */
  volumeOf(sound: string): number | undefined {
    const bed = this.#beds.get(sound);
    return bed && bed.gain.to > 0 ? bed.volume : undefined;
  }

  /** From `at` on it is on its way to that gain; one that plays goes on where it is. */
  play(
    sound: string,
    { at, ms, gain, ...bed }: { name: string; volume: number; at: number; ms: number; gain: number },
  ): void {
    const before = this.#beds.get(sound);
    const from = before ? gainAt(before.gain, at) : 0;
    this.#beds.set(sound, { ...bed, startAt: before?.startAt ?? at, gain: { from, to: gain, at, ms } });
  }

  /** One that plays, and is to stay, gets another gain. */
  setGain(sound: string, to: number, at: number, ms: number): void {
    const bed = this.#beds.get(sound);
    if (bed && bed.gain.to > 0) bed.gain = { from: gainAt(bed.gain, at), to, at, ms };
  }

  /** Forgets what has faded out. */
  prune(): void {
    const now = this.#now();
    for (const [sound, { gain }] of this.#beds)
      if (gain.to === 0 && now > gain.at + gain.ms) this.#beds.delete(sound);
  }
}
