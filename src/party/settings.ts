import { MAX_PLAYERS } from "../core/protocol/messages.ts";
import { FIRST_SETTINGS, type Sounds, type TableSettings } from "../core/protocol/table-settings.ts";

/** Some of the settings. */
export type SomeSettings = { [Name in keyof TableSettings]?: TableSettings[Name] | undefined };

export type KeptSounds = readonly [player: string, sounds: Sounds];

/** What the DM has chosen for the whole table, and players for themselves, from the next line on. */
export class Settings {
  #chosen: SomeSettings;
  readonly #first: TableSettings;
  readonly #players: Map<string, Sounds>;
  readonly #onListening: ((players: readonly KeptSounds[]) => void) | undefined;
  readonly #onChange: ((chosen: SomeSettings) => void) | undefined;

  /**
   * @param options.first where nothing was chosen
   * @param options.chosen at the table, before this process began
   * @param options.onChange gets all that was chosen
   */
  constructor(
    options: {
      first?: SomeSettings | undefined;
      chosen?: SomeSettings | undefined;
      onChange?: (chosen: SomeSettings) => void;
      /** Players who do not want to hear everything. */
      players?: readonly KeptSounds[] | undefined;
      /** Gets all of them when one is another. */
      onListening?: (players: readonly KeptSounds[]) => void;
    } = {},
  ) {
    this.#first = { ...FIRST_SETTINGS, ...defined(options.first ?? {}) };
    this.#chosen = defined(options.chosen ?? {});
    this.#onChange = options.onChange;
    this.#players = new Map(options.players);
    this.#onListening = options.onListening;
  }

  /** Which lines a player wants to hear. */
  soundsOf(player: string): Sounds {
    return this.#players.get(player) ?? "all";
  }

  /** A player wants to hear these from the next line on, with all devices. */
  hear(player: string, sounds: Sounds): void {
    if (this.soundsOf(player) === sounds) return;
    this.#players.delete(player);
    if (sounds !== "all") this.#players.set(player, sounds);
    const [oldest] = this.#players.keys();
    if (this.#players.size > MAX_PLAYERS && oldest !== undefined) this.#players.delete(oldest);
    this.#onListening?.([...this.#players]);
  }

  get all(): TableSettings {
    return { ...this.#first, ...defined(this.#chosen) };
  }

  choose(some: SomeSettings): void {
    this.#chosen = { ...this.#chosen, ...defined(some) };
    this.#onChange?.(this.#chosen);
  }
}

function defined(some: SomeSettings): Partial<TableSettings> {
  return Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined));
}
