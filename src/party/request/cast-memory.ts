import type { NpcTraits } from "../../voices/npc-traits.ts";
import { nameKey } from "../../voices/registry-keys.ts";

/** Speakers who are remembered: more than a campaign has. */
const MAX_KNOWN = 1000;

/** Somebody who has spoken: what they were called first, and what was said of them. */
export interface KnownSpeaker extends NpcTraits {
  name: string;
}

/** The same, as it is kept: by the name that is looked up. */
export type KeptSpeaker = readonly [key: string, speaker: NpcTraits & { name?: string | undefined }];

/** Characters who have spoken, so that their voices stay the same and they can be found. */
export class CastMemory {
  /** The longest unheard first. */
  #known: Map<string, KeptSpeaker[1]>;
  readonly #onChange: ((kept: readonly KeptSpeaker[]) => void) | undefined;

  /** @param onChange gets all of them when one is new, or more is said of one */
  constructor(kept: readonly KeptSpeaker[] = [], onChange?: (kept: readonly KeptSpeaker[]) => void) {
    this.#known = new Map(kept);
    this.#onChange = onChange;
  }

  /** Another process has heard them speak. */
  adopt(kept: readonly KeptSpeaker[]): void {
    this.#known = new Map(kept);
  }

  get kept(): readonly KeptSpeaker[] {
    return [...this.#known];
  }

  /** Remembers again who was forgotten; who has spoken since is known as they spoke. */
  bringBack(speakers: readonly KeptSpeaker[]): void {
    if (speakers.length === 0) return;
    this.#known = new Map([...new Map([...speakers, ...this.#known])].slice(-MAX_KNOWN));
    this.#onChange?.(this.kept);
  }

  /** The longest unheard first. */
  get all(): KnownSpeaker[] {
    return this.kept.map(([key, { name = key, ...traits }]) => ({ name, ...traits }));
  }

  /** What was said of them; undefined where they have never spoken. */
  traitsOf(name: string): NpcTraits | undefined {
    const known = this.#known.get(nameKey(name));
    return known && { race: known.race, gender: known.gender };
  }

  /** What they were called first; undefined where they have never spoken. */
  nameOf(name: string): string | undefined {
    const key = nameKey(name);
    const known = this.#known.get(key);
    return known && (known.name ?? key);
  }

  /** They speak. @param traits what is said of them; without it what was said before holds */
  remember(name: string, traits?: NpcTraits): void {
    const key = nameKey(name);
    const before = this.#known.get(key);
    const { race, gender } = traits ?? before ?? {};
    const first = before?.name ?? name;
    this.#known.delete(key);
    this.#known.set(key, { race, gender, name: first });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    const isSame = before?.name === first && before?.race === race && before?.gender === gender;
    if (!isSame) this.#onChange?.(this.kept);
  }

  /** Nothing is known of them any more; false where nothing was. */
  forget(name: string): boolean {
    const wasKnown = this.#known.delete(nameKey(name));
    if (wasKnown) this.#onChange?.(this.kept);
    return wasKnown;
  }
}
