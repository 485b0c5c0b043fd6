import { MAX_PLAYERS } from "../core/protocol/messages.ts";
import type { Presence } from "../core/protocol/presence.ts";
import {
  areHeard,
  FIRST_SETTINGS,
  type Sounds,
  soundsAt,
  type TableSettings,
} from "../core/protocol/table-settings.ts";
import type { LineKind, Listener } from "./request/wants.ts";

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
  readonly #watchers = new Set<(player: string | undefined) => void>();

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

  /** Calls back when a player hears other lines than before, or, without one, all of them may. */
  watch(onNews: (player: string | undefined) => void): void {
    this.#watchers.add(onNews);
  }

  /** Whether a listener is sent the sound of a line: as they wish, and as the table's loudspeakers stand. */
  wants({ player, role }: Listener, { isNarration, isPrivate }: LineKind): boolean {
    // An observer is not in the room: a stream, or the DM's own ear.
    const isInRoom = role === "player";
    if (isInRoom && !soundsAt(this.#isLoudspeaker(player), isPrivate)) return false;
    return areHeard(this.soundsOf(player), isNarration);
  }

  /** Whether a listener's devices sound with the place: whoever wants to hear no line wants no rain either. */
  hearsPlace({ player, role }: Listener, isPrivate: boolean): boolean {
    if (role !== "player") return !isPrivate;
    return soundsAt(this.#isLoudspeaker(player), isPrivate) && this.soundsOf(player) !== "none";
  }

  /** What everybody is told of how a player hears. */
  toldOf(player: string): Pick<Presence, "sounds" | "loudspeaker"> {
    const sounds = this.soundsOf(player);
    const loudspeaker = this.#isLoudspeaker(player);
    return { ...(sounds === "all" ? {} : { sounds }), ...(loudspeaker === undefined ? {} : { loudspeaker }) };
  }

  get #loudspeakers(): readonly string[] {
    return this.#chosen.loudspeakers ?? this.#first.loudspeakers;
  }

  #isLoudspeaker(player: string): boolean | undefined {
    const loudspeakers = this.#loudspeakers;
    return loudspeakers.length === 0 ? undefined : loudspeakers.includes(player);
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
    this.#tell(player);
  }

  /** Somebody else has the seat from now on: they hear everything, and are no loudspeaker. */
  forget(player: string): void {
    this.hear(player, "all");
    const others = this.#loudspeakers.filter((other) => other !== player);
    if (others.length < this.#loudspeakers.length) this.choose({ loudspeakers: others });
  }

  /** Another process has chosen them. */
  adopt(chosen: SomeSettings, players: readonly KeptSounds[]): void {
    this.#chosen = defined(chosen);
    this.#players.clear();
    for (const [player, sounds] of players) this.#players.set(player, sounds);
    this.#tell(undefined);
  }

  get all(): TableSettings {
    return { ...this.#first, ...defined(this.#chosen) };
  }

  choose(some: SomeSettings): void {
    this.#chosen = { ...this.#chosen, ...defined(some) };
    this.#onChange?.(this.#chosen);
    if (some.loudspeakers) this.#tell(undefined);
  }

  #tell(player: string | undefined): void {
    for (const watcher of this.#watchers) watcher(player);
  }
}

function defined(some: SomeSettings): Partial<TableSettings> {
  return Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined));
}
