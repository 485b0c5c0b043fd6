import { oncePerTurn, TimeSlicer } from "../../core/async/time-slicer.ts";
import { writeDm20 } from "../../core/protocol/dm20.ts";
import type { ClientState } from "./client-state.ts";
import {
  type Connection,
  type ConnectionLimits,
  DEFAULT_CONNECTION_LIMITS,
  SocketConnection,
} from "./connection.ts";
import { ANSWER_WITHIN_MS, PING } from "./life-signs.ts";
import { isAudience, type Role } from "./role.ts";
import { CLOSE, type Socket } from "./socket.ts";

export interface ConnectionManagerOptions extends Partial<ConnectionLimits> {
  /** ms between pings; default 25,000. */
  heartbeatMs?: number;
  /** ms a listener has to answer a ping; default 8,000. */
  graceMs?: number;
  /** Connections one player may have at once; one more is closed with 4409. Default 8. */
  connectionsPerPlayer?: number;
}

/** Longest time that a message which can wait does wait, ms. */
const LATER_MS = 50;

/** Told of every connection that opens or ends. */
export type ConnectionListener = (connection: Connection, change: "opened" | "ended") => void;

/** A message as an object (serialised once, here) or as text that already is JSON. */
export type Message = object | string;

/** As it is sent. */
export function asText(message: Message): string {
  return typeof message === "string" ? message : JSON.stringify(message);
}

/** Keeps all connections: who is connected, with how many devices, and how to reach them. */
export class ConnectionManager {
  readonly #players = new Map<string, Set<Connection>>();
  readonly #listeners = new Set<ConnectionListener>();
  readonly #options: ConnectionManagerOptions;
  readonly #limits: ConnectionLimits;
  readonly #heartbeatMs: number;
  readonly #graceMs: number;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  readonly #graces = new Set<ReturnType<typeof setTimeout>>();
  #nextId = 1;
  #outboxes: Connection[] = [];
  readonly #timeSlicer = new TimeSlicer();
  readonly #flushSoon = oncePerTurn(() => this.#flush());
  #flushLater: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionManagerOptions = {}) {
    this.#options = options;
    this.#limits = {
      queueBytes: options.queueBytes ?? DEFAULT_CONNECTION_LIMITS.queueBytes,
      stallMs: options.stallMs ?? DEFAULT_CONNECTION_LIMITS.stallMs,
    };
    this.#heartbeatMs = options.heartbeatMs ?? 25_000;
    this.#graceMs = options.graceMs ?? ANSWER_WITHIN_MS;
  }

  /**
   * Takes an open socket in. The adapter calls `ended()` on what it gets back, which is closed already where the
   * player has too many.
   * @param v2 what its client asked for on the v2 wire; without it dm20 is spoken
   */
  connect(socket: Socket, player: string, role: Role = "player", v2?: ClientState): Connection {
    const who = { id: `c${this.#nextId++}`, player, role, v2 };
    const connection = new SocketConnection(socket, who, this.#limits, {
      outbox: (full, canWait) => {
        this.#outboxes.push(full);
        if (canWait) this.#flushLater ??= setTimeout(() => this.#flush(), LATER_MS);
        else this.#flushSoon();
      },
      end: () => this.#forget(connection),
    });
    const own = this.#players.get(player) ?? new Set<Connection>();
    if (own.size >= this.perPlayer) {
      connection.close(CLOSE.crowded, "too many devices for one player");
      // Those that are gone without a word make room for the next try.
      this.#ask([...own]);
      return connection;
    }
    this.#players.set(player, own.add(connection));
    this.#heartbeat ??= setInterval(() => this.#ask(this.all()), this.#heartbeatMs);
    const timestamp = new Date().toISOString();
    if (!v2) connection.post(writeDm20({ type: "connected", player_id: player, timestamp }));
    this.#tell(connection, "opened");
    return connection;
  }

  /** Connections one player may have at once. */
  get perPlayer(): number {
    return this.#options.connectionsPerPlayer ?? 8;
  }

  /** ms of silence after which a connection is gone. */
  get silenceMs(): number {
    return this.#heartbeatMs + this.#graceMs;
  }

  /** Calls `listener` whenever a connection opens or ends, until the returned function is called. */
  onChange(listener: ConnectionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends to every device of a player; returns how many connections took it. */
  sendToPlayer(player: string, message: Message): number {
    return post([...(this.#players.get(player) ?? [])], asText(message));
  }

  /**
   * Sends to everybody who listens, the DM's console too; returns how many connections took it.
   * @param options.except a player who is not told
   */
  broadcast(message: Message, options: { except?: string } = {}): number {
    return post(
      this.all().filter(({ player }) => player !== options.except),
      asText(message),
    );
  }

  /** Every connection, the DM's consoles included. */
  all(): Connection[] {
    return [...this.#players.values()].flatMap((own) => [...own]);
  }

  /** Open connections of an audience, oldest first within a player; the DM is nobody's audience. */
  connectionsOf(audience: "all" | readonly string[]): Connection[] {
    const players = audience === "all" ? this.#players.keys() : new Set(audience);
    return [...players]
      .flatMap((player) => [...(this.#players.get(player) ?? [])])
      .filter((connection) => connection.isOpen && isAudience(connection, audience));
  }

  /** Ids of players with at least one open connection. */
  getConnectedPlayers(): string[] {
    const players = this.connectionsOf("all").filter(({ role }) => role === "player");
    return [...new Set(players.map(({ player }) => player))];
  }

  /** Open connections of one player, or of everybody, the DM's console included. */
  connectionCount(player?: string): number {
    if (player !== undefined) return this.#players.get(player)?.size ?? 0;
    return [...this.#players.values()].reduce((sum, own) => sum + own.size, 0);
  }

  /** A sign of life from a player, or from just one of their connections. */
  updateLastSeen(player: string, connection?: Connection): void {
    for (const each of connection ? [connection] : (this.#players.get(player) ?? [])) {
      each.life.spoke();
    }
  }

  /** The answer to a ping. */
  markPong(player: string, connection?: Connection): void {
    this.updateLastSeen(player, connection);
  }

  /** Players of whom no connection has been heard of for `timeoutMs`. */
  getStalePlayers(timeoutMs: number): string[] {
    const since = performance.now() - timeoutMs;
    return [...this.#players]
      .filter(([, own]) => [...own].every((connection) => connection.lastSeen < since))
      .map(([player]) => player);
  }

  /** Ends every connection of a player. */
  closePlayer(player: string, code: number, reason: string): void {
    for (const connection of [...(this.#players.get(player) ?? [])]) connection.close(code, reason);
  }

  /** Ends every connection, by default because the server goes away. */
  closeAll(code: number = CLOSE.goingAway, reason = "the party is over"): void {
    for (const player of [...this.#players.keys()]) this.closePlayer(player, code, reason);
  }

  #flush(): void {
    clearTimeout(this.#flushLater);
    this.#flushLater = undefined;
    const full = this.#outboxes;
    this.#outboxes = [];
    void this.#timeSlicer.each(full, (connection) => connection.flush());
  }

  #forget(connection: Connection): void {
    const own = this.#players.get(connection.player);
    if (!own?.delete(connection)) return;
    if (own.size === 0) this.#players.delete(connection.player);
    if (this.#players.size === 0) {
      clearInterval(this.#heartbeat);
      this.#heartbeat = undefined;
      for (const grace of this.#graces) clearTimeout(grace);
      this.#graces.clear();
    }
    this.#tell(connection, "ended");
  }

  #tell(connection: Connection, change: "opened" | "ended"): void {
    for (const listener of this.#listeners) listener(connection, change);
  }

  /** Ends those who do not answer. */
  #ask(connections: readonly Connection[]): void {
    const askedAt = performance.now();
    post(connections, PING);
    const grace = setTimeout(() => {
      this.#graces.delete(grace);
      for (const connection of connections) {
        if (connection.lastSeen < askedAt) connection.close(CLOSE.goingAway, "no answer to the ping");
      }
    }, this.#graceMs);
    this.#graces.add(grace);
  }
}

function post(connections: readonly Connection[], text: string): number {
  return connections.filter((connection) => connection.post(text)).length;
}
