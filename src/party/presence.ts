import { oncePerTurn, TimeSlicer } from "../core/async/time-slicer.ts";
import type { PlayerStatus } from "../core/protocol/api.ts";
import { writeDm20 } from "../core/protocol/dm20.ts";
import type { Presence } from "../core/protocol/presence.ts";
import { writeV2 } from "../core/protocol/v2.ts";
import { Settings } from "./settings.ts";
import type { ConnectionsShape } from "./shapes.ts";
import { type Connection, isV2 } from "./transport/connection.ts";

/** Changes that come within this time are told together: a whole table may come back at once. */
const GATHER_MS = 200;

/** Tells clients who is here; those on the v2 wire also how the others hear. */
export class PresenceBoard {
  readonly #connections: ConnectionsShape;
  readonly #seats: () => readonly string[];
  readonly #settings: Settings;
  readonly #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Those on v2 who have not been told about everybody. */
  #newcomers: Connection[] = [];
  readonly #greetSoon = oncePerTurn(() => this.#greet());
  /** Who came and left, for each of those on dm20 who have not been told. */
  readonly #news = new Map<Connection, string[]>();
  readonly #tellNewsSoon = oncePerTurn(() => void this.#tellNews());
  #isTelling = false;
  readonly #timeSlicer = new TimeSlicer();
  /** Who is connected to other processes. */
  #elsewhere: ReadonlyMap<string, Presence> = new Map();
  readonly #unsubscribe: () => void;

  /** @param seats everybody who may be here */
  constructor(
    connections: ConnectionsShape,
    seats: () => readonly string[],
    settings: Settings = new Settings(),
  ) {
    this.#connections = connections;
    this.#seats = seats;
    this.#settings = settings;
    settings.watch((player) => {
      for (const each of player === undefined ? seats() : [player]) this.note(each);
    });
    for (const connection of connections.all()) this.#follow(connection);
    this.#unsubscribe = connections.onChange((...change) => this.#announce(...change));
  }

  /** Something about a player is different; everybody is told soon. */
  note(player: string): void {
    this.#changed.add(player);
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS);
  }

  /** Tells who came or left, in the next turn; on dm20 a second device is no news. Who is new on v2 is told about everybody. */
  #announce(connection: Connection, change: "opened" | "ended"): void {
    const { player, role } = connection;
    if (change === "ended") this.#news.delete(connection);
    else if (role !== "observer" && isV2(connection)) {
      this.#newcomers.push(connection);
      this.#greetSoon();
    } else this.#follow(connection);
    if (role !== "player") return;
    this.note(player);
    if (this.#connections.connectionCount(player) !== (change === "opened" ? 1 : 0)) return;
    const content = change === "opened" ? `${player} joined` : `${player} left`;
    const message = writeDm20({ type: "system", content, timestamp: new Date().toISOString() });
    for (const [other, news] of this.#news) if (other.player !== player) news.push(message);
    this.#tellNewsSoon();
  }

  /** So it is with those who are connected to other processes. */
  elsewhere(players: readonly Presence[]): void {
    const before = this.#elsewhere;
    this.#elsewhere = new Map(players.map((player) => [player.id, player]));
    for (const id of new Set([...before.keys(), ...this.#elsewhere.keys()])) {
      const [one, other] = [before.get(id), this.#elsewhere.get(id)];
      if (one?.connections !== other?.connections || one?.state !== other?.state) this.note(id);
    }
  }

  close(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
  }

  /** A player's presence: the best of their devices counts. */
  presenceOf(id: string): Presence {
    const own = this.ownPresence(id);
    const other = this.#elsewhere.get(id);
    const state = STATES.find((each) => each === own.state || each === other?.state) ?? "away";
    const connections = own.connections + (other?.connections ?? 0);
    return { id, connections, state, ...this.#settings.toldOf(id) };
  }

  /** The same of the devices that are connected to this process. */
  ownPresence(id: string): Pick<Presence, "id" | "connections" | "state"> {
    // Nobody knows whether a listener behind somebody else's connections is here.
    const own = this.#connections.connectionsOf([id]).filter(({ isIndirect }) => !isIndirect);
    const states = own.map(stateOf);
    const state = STATES.find((each) => states.includes(each)) ?? "away";
    return { id, connections: own.length, state };
  }

  /** The same, and how the device keeps step that has most trouble with it. */
  statusOf(id: string): PlayerStatus {
    const inStep = this.#connections.connectionsOf([id]).flatMap(({ v2 }) => (v2?.sync ? [v2] : []));
    const skews = inStep.flatMap(({ skewMs }) => (skewMs === undefined ? [] : [skewMs]));
    const [worst] = skews.sort((a, b) => Math.abs(b) - Math.abs(a));
    return {
      ...this.presenceOf(id),
      ...(worst === undefined ? {} : { skewMs: worst }),
      ...(inStep.some(({ isUntrusted }) => isUntrusted) ? { untrusted: true } : {}),
      ...(inStep.some(({ isUntuned }) => isUntuned) ? { untuned: true } : {}),
    };
  }

  /** One pass after the other: while a thousand come, each is told of many at once. */
  async #tellNews(): Promise<void> {
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let isNews = true; isNews; ) {
      await this.#timeSlicer.each(this.#news, tellNews);
      isNews = [...this.#news.values()].some(({ length }) => length > 0);
    }
    this.#isTelling = false;
  }

  #follow(connection: Connection): void {
    if (connection.role !== "observer" && !isV2(connection)) this.#news.set(connection, []);
  }

  /** A list of everybody for each of a thousand who come at once would be a million entries: those of one turn share it. */
  #greet(): void {
    const newcomers = this.#newcomers;
    this.#newcomers = [];
    const message = this.#message(this.#seats());
    for (const connection of newcomers) connection.post(message);
  }

  #tell(): void {
    this.#timer = undefined;
    const seats = new Set(this.#seats());
    const message = this.#message([...this.#changed].filter((player) => seats.has(player)));
    this.#changed.clear();
    for (const connection of this.#connections.all())
      if (isV2(connection) && connection.role !== "observer") connection.post(message);
  }

  #message(players: readonly string[]): string {
    return writeV2({ type: "presence", players: players.map((id) => this.presenceOf(id)) });
  }
}

function tellNews([connection, news]: [Connection, string[]]): void {
  for (const message of news.splice(0)) connection.post(message);
}

/** Best first. */
const STATES = ["connected", "muted", "lagging", "text-only"] as const;

function stateOf(connection: Connection): Presence["state"] {
  if (!isV2(connection)) return "connected";
  return connection.v2.state === "playing" ? "connected" : connection.v2.state;
}
