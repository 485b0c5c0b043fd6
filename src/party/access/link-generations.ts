import { randomId } from "../../core/id.ts";

/** Which links are void, as it is kept. */
export interface KeptLinks {
  /** The generation of everybody who is not named; undefined: nothing was ever made void for all. */
  everyone?: string | undefined;
  /** Players whose links were made void, and the generation that is good since. */
  players: readonly (readonly [player: string, generation: string])[];
}

/** Players whose links are told apart from everybody's; one more makes the links of all void. */
const MAX_PLAYERS = 10_000;

/**
 * Which generation of each player's links is good: a link that names another one is void. A generation is a
 * random word and not a number, so that one given out before what was kept was lost is never met again.
 */
export class LinkGenerations {
  readonly #players: Map<string, string>;
  readonly #onChange: (links: KeptLinks) => void;
  #everyone: string | undefined;

  /** @param onChange gets all there is to keep, whenever links were made void */
  constructor(kept: KeptLinks = { players: [] }, onChange: (links: KeptLinks) => void = () => undefined) {
    this.#players = new Map(kept.players);
    this.#everyone = kept.everyone;
    this.#onChange = onChange;
  }

  /** The one that is good; undefined where no link of theirs was ever made void, and any is. */
  of(player: string): string | undefined {
    return this.#players.get(player) ?? this.#everyone;
  }

  /** Another process has made links void. @returns whose, `undefined`: of all */
  adopt({ everyone, players }: KeptLinks): (string | undefined)[] {
    const changed: (string | undefined)[] = players
      .filter(([player, generation]) => this.#players.get(player) !== generation)
      .map(([player]) => player);
    if (everyone !== this.#everyone) changed.push(undefined);
    this.#players.clear();
    for (const [player, generation] of players) this.#players.set(player, generation);
    this.#everyone = everyone;
    return changed;
  }

  isGood(player: string, generation: string | undefined): boolean {
    const good = this.of(player);
    return good === undefined || generation === good;
  }

  /** Makes all links of a player void that there are. */
  renew(player: string): void {
    if (this.#players.size >= MAX_PLAYERS && !this.#players.has(player)) {
      this.#players.clear();
      this.#everyone = randomId();
    }
    this.#players.set(player, randomId());
    this.#onChange({ everyone: this.#everyone, players: [...this.#players] });
  }
}
