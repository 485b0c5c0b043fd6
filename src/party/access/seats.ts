import { BardcastError } from "../../core/errors.ts";
import { MAX_NAME_CHARS, MAX_PLAYERS } from "../../core/protocol/messages.ts";

/** Who may sit at a table, as it is kept. */
export interface KeptSeats {
  players: readonly string[];
  /** Whose seats were taken away: who is named at a start gets none again by that. */
  taken: readonly string[];
}

/** Letters and digits of any script, and what names are joined with; no markup, no path, no control. */
const PLAYER_ID = new RegExp(`^[\\p{L}\\p{N}][\\p{L}\\p{N} _.'-]{0,${MAX_NAME_CHARS - 1}}$`, "u");
const RESERVED = new Set(["all", "dm"]);

/** Who has a seat. */
export class Seats {
  readonly #players: Set<string>;
  /** The longest gone first. */
  readonly #taken: Set<string>;
  readonly #onChange: (seats: KeptSeats) => void;

  /** @param onChange gets all there is to keep, whenever somebody gets a seat or loses it */
  constructor(
    kept: KeptSeats = { players: [], taken: [] },
    onChange: (seats: KeptSeats) => void = () => undefined,
  ) {
    this.#players = new Set(kept.players.filter(isId));
    this.#taken = new Set(kept.taken);
    this.#onChange = onChange;
  }

  get players(): string[] {
    return [...this.#players];
  }

  has(player: string): boolean {
    return this.#players.has(player);
  }

  /** Whether the seat was taken away, and not given back since. */
  wasTaken(player: string): boolean {
    return this.#taken.has(player);
  }

  /** Whose seat a name means: the letters' case makes no other player. */
  find(player: string): string | undefined {
    if (this.#players.has(player)) return player;
    const key = player.toLowerCase();
    return this.players.find((seated) => seated.toLowerCase() === key);
  }

  /**
   * @returns the player's id: of a seat that was given before, as it was written then
   * @throws BardcastError `bad-request` where the id cannot be one, `busy` where the table is full
   */
  give(player: string): string {
    if (!isId(player)) {
      const message = `"${player.slice(0, MAX_NAME_CHARS)}" cannot be a player's id: use 1-${MAX_NAME_CHARS} letters, digits, spaces, - _ . '`;
      throw new BardcastError("bad-request", message);
    }
    const seated = this.find(player);
    if (seated !== undefined) return seated;
    if (this.#players.size >= MAX_PLAYERS) {
      throw new BardcastError("busy", `the table is full: ${MAX_PLAYERS} players have a seat`);
    }
    this.#players.add(player);
    this.#taken.delete(player);
    this.#changed();
    return player;
  }

  /** Gives seats to those who are named at a start, but for those whose seats were taken away: the log is told of them. */
  giveFirst(players: readonly string[], log: (message: string) => void): void {
    for (const player of players) {
      if (!this.wasTaken(player)) this.give(player);
      else log(`${player} has no seat: it was taken away; the console's invitations give it back`);
    }
  }

  /** @throws BardcastError `unknown-player` where one of them has no seat */
  requireAll(players: readonly string[]): void {
    const unknown = players.filter((player) => !this.has(player));
    if (unknown.length === 0) return;
    const message = `nobody here is called ${unknown.join(", ")}; seated: ${this.players.join(", ") || "nobody"}`;
    throw new BardcastError("unknown-player", message);
  }

  take(player: string): void {
    this.#players.delete(player);
    this.#taken.add(player);
    const [oldest] = this.#taken;
    if (this.#taken.size > MAX_PLAYERS && oldest !== undefined) this.#taken.delete(oldest);
    this.#changed();
  }

  /** Another process has given and taken seats. @returns those who have lost theirs */
  adopt({ players, taken }: KeptSeats): string[] {
    const lost = this.players.filter((player) => !players.includes(player));
    this.#players.clear();
    this.#taken.clear();
    for (const player of players) if (isId(player)) this.#players.add(player);
    for (const player of taken) this.#taken.add(player);
    return lost;
  }

  #changed(): void {
    this.#onChange({ players: this.players, taken: [...this.#taken] });
  }
}

function isId(player: string): boolean {
  return PLAYER_ID.test(player) && !RESERVED.has(player.toLowerCase());
}
