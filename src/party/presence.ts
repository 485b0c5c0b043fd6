import type { PlayerStatus } from "../core/protocol/api.ts";
import { writeDm20 } from "../core/protocol/dm20.ts";
import { type Presence, writeV2 } from "../core/protocol/v2.ts";
import type { ConnectionsShape } from "./shapes.ts";
import { type Connection, isV2 } from "./transport/connection.ts";

/** Changes that come within this time are told together: a whole table may come back at once. */
const GATHER_MS = 200;

/** Tells clients who is here; those on the v2 wire also how the others hear. */
export class PresenceBoard {
  readonly #connections: ConnectionsShape;
  readonly #seats: () => readonly string[];
  readonly #changed = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param seats everybody who may be here */
  constructor(connections: ConnectionsShape, seats: () => readonly string[]) {
    this.#connections = connections;
    this.#seats = seats;
  }

  /** Something about a player is different; everybody is told soon. */
  note(player: string): void {
    this.#changed.add(player);
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS);
  }

  /** Tells who came or left; on dm20 a second device is no news. Who is new on v2 is told about everybody. */
  announce(connection: Connection, change: "opened" | "ended"): void {
    const { player, role } = connection;
    if (change === "opened" && isV2(connection) && role !== "observer")
      connection.post(this.#message(this.#seats()));
    if (role !== "player") return;
    this.note(player);
    if (this.#connections.connectionCount(player) !== (change === "opened" ? 1 : 0)) return;
    const content = change === "opened" ? `${player} joined` : `${player} left`;
    const message = writeDm20({ type: "system", content, timestamp: new Date().toISOString() });
    for (const other of this.#connections.all()) {
      if (other.player !== player && other.role !== "observer" && !isV2(other)) other.post(message);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** A player's presence: the best of their devices counts. */
  presenceOf(id: string): Presence {
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
    };
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

/** Best first. */
const STATES = ["connected", "muted", "lagging", "text-only"] as const;

function stateOf(connection: Connection): Presence["state"] {
  if (!isV2(connection)) return "connected";
  return connection.v2.state === "playing" ? "connected" : connection.v2.state;
}
