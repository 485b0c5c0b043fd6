import type { Presence } from "../core/protocol/v2.ts";
import type { ConnectionsShape } from "./shapes.ts";
import { type Connection, isV2, type V2Connection } from "./transport/connection.ts";
import { SentConnection } from "./transport/sent-connection.ts";

/** Changes that come within this time are told together: a whole table may come back at once. */
const GATHER_MS = 200;

/** What a player's devices say about keeping step. */
export interface StepReport {
  /** ms by which it plays late; early where negative. */
  skewMs?: number;
  /** It does not say truthfully when sound leaves it. */
  untrusted?: true;
}

/** Tells v2 clients who is here, and how they hear. */
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

  /** Tells one who is new about everybody. */
  greet(connection: V2Connection): void {
    connection.post(this.#message(this.#seats()));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** How a player is: the best of their devices counts. */
  presenceOf(id: string): Presence {
    // Of those who are reached through somebody else's connections, nobody knows whether they are here.
    const own = this.#connections.connectionsOf([id]).filter((each) => !(each instanceof SentConnection));
    const states = own.map(stateOf);
    const state = STATES.find((each) => states.includes(each)) ?? "away";
    return { id, connections: own.length, state };
  }

  /** How the device keeps step that has most trouble with it. */
  stepOf(id: string): StepReport {
    const inStep = this.#connections.connectionsOf([id]).flatMap(({ v2 }) => (v2?.sync ? [v2] : []));
    const skews = inStep.flatMap(({ skewMs }) => (skewMs === undefined ? [] : [skewMs]));
    const [worst] = skews.sort((a, b) => Math.abs(b) - Math.abs(a));
    return {
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
    return JSON.stringify({ type: "presence", players: players.map((id) => this.presenceOf(id)) });
  }
}

/** Best first. */
const STATES = ["connected", "muted", "lagging", "text-only"] as const;

function stateOf(connection: Connection): Presence["state"] {
  if (!isV2(connection)) return "connected";
  return connection.v2.state === "playing" ? "connected" : connection.v2.state;
}
