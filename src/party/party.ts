/**
 * A party is one table: its players, voices, engines, connections and lines. `create-party.ts` puts the
 * parts together; `speaking/utterance-scheduler.ts` decides what speaks when, `speaking/active-utterance.ts` is one line on its way to its
 * listeners, `transport/connection.ts` one listener's socket.
 * @module
 */
import { BardcastError, messageOf } from "../core/errors.ts";
import type { Observers } from "../core/observation.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import type { EngineStatus } from "../engines/routing/router.ts";
import type { SpeechHost, SpeechHostStatus } from "../pool/speech-host.ts";
import { Guests, isGuestId } from "./access/guests.ts";
import type { Lobby } from "./access/lobby.ts";
import type { MessageBudget } from "./access/message-budget.ts";
import type { Claims, TokenKeeper } from "./access/tokens.ts";
import type { NpcStreamOptions, StreamOptions } from "./audio-stream-manager.ts";
import { type PartyStatus, queueOf } from "./party-status.ts";
import { PresenceBoard } from "./presence.ts";
import type { Utterance, UtteranceRequest } from "./request/utterance.ts";
import type { ConnectionsShape, RegistryShape, RouterShape, StreamsShape } from "./shapes.ts";
import type { Preparation, PrepareRequest } from "./speaking/preparer.ts";
import { answerOf } from "./speaking/trusted-router.ts";
import type { CampaignState } from "./storage/campaign-state.ts";
import type { ClientState } from "./transport/client-state.ts";
import { type Connection, isV2 } from "./transport/connection.ts";
import { CLOSE, type Socket } from "./transport/socket.ts";

export interface PartyParts {
  id: string;
  registry: RegistryShape;
  router: RouterShape;
  connections: ConnectionsShape;
  streams: StreamsShape;
  tokens: TokenKeeper;
  state: CampaignState;
  lobby: Lobby;
  budget: MessageBudget;
  host: SpeechHost;
  cache?: SpeechCache | undefined;
  observers: Observers;
}

/** Chairs at one table. */
const MAX_PLAYERS = 1000;
/** Letters and digits of any script, and what names are joined with; no markup, no path, no control. */
const PLAYER_ID = /^[\p{L}\p{N}][\p{L}\p{N} _.'-]{0,63}$/u;
const RESERVED = new Set(["all", "dm"]);

/** One table. Made by `createParty`. */
export class Party {
  readonly id: string;
  readonly registry: RegistryShape;
  readonly router: RouterShape;
  readonly connections: ConnectionsShape;
  readonly streams: StreamsShape;
  readonly tokens: TokenKeeper;
  readonly cache: SpeechCache | undefined;
  /** Who comes without a seat. */
  readonly guests: Guests;
  /** Who is told what happens here. */
  readonly observers: Observers;
  /** Sockets that are nobody's ear yet. */
  readonly lobby: Lobby;
  /** How much clients may say. */
  readonly budget: MessageBudget;
  readonly #state: CampaignState;
  readonly #host: SpeechHost;
  readonly #seats = new Set<string>();
  readonly #presence: PresenceBoard;
  readonly #unsubscribe: () => void;

  constructor(parts: PartyParts) {
    this.id = parts.id;
    this.registry = parts.registry;
    this.router = parts.router;
    this.connections = parts.connections;
    this.streams = parts.streams;
    this.tokens = parts.tokens;
    this.cache = parts.cache;
    this.observers = parts.observers;
    this.guests = new Guests(parts.tokens, () => parts.state.saved());
    this.lobby = parts.lobby;
    this.budget = parts.budget;
    this.#state = parts.state;
    this.#host = parts.host;
    this.#presence = new PresenceBoard(this.connections, () => this.players);
    this.#unsubscribe = this.connections.onChange((connection, change) => this.#announce(connection, change));
    // Until the last line is over, also while the party ends.
    this.tokens.onRevoked((player) => this.#hangUp(player));
  }

  /**
   * Says a line and returns at once; see `UtteranceRequest` and `Utterance`.
   * @throws BardcastError `text-empty`, `text-too-long`, `bad-request`, `busy`, `closed`
   */
  speak(line: UtteranceRequest): Utterance {
    return this.streams.speak(line);
  }

  /** Has a line synthesised ahead, so that it starts at once should it be said. @throws as `speak`, `cancelled` */
  prepare(line: PrepareRequest): Promise<Preparation> {
    return this.streams.prepare(line);
  }

  /** Says a line to one player; true if they were handed every chunk of it. @throws as `speak` */
  streamToPlayer(player: string, text: UtteranceRequest["text"], options?: StreamOptions): Promise<boolean> {
    return this.streams.streamToPlayer(player, text, options);
  }

  /** Says a line to everybody; true if at least one player was handed every chunk of it. @throws as `speak` */
  streamToAll(text: UtteranceRequest["text"], options?: StreamOptions): Promise<boolean> {
    return this.streams.streamToAll(text, options);
  }

  /** Says an NPC's line to one player. @throws as `speak` */
  streamNpcToPlayer(
    player: string,
    text: UtteranceRequest["text"],
    name: string,
    options?: NpcStreamOptions,
  ): Promise<boolean> {
    return this.streams.streamNpcToPlayer(player, text, name, options);
  }

  /** Says an NPC's line to everybody. @throws as `speak` */
  streamNpcToAll(text: UtteranceRequest["text"], name: string, options?: NpcStreamOptions): Promise<boolean> {
    return this.streams.streamNpcToAll(text, name, options);
  }

  /** Ids of everybody who has a seat, connected or not. */
  get players(): string[] {
    return [...this.#seats];
  }

  /**
   * Gives a player a seat; a second seat for the same player is the same seat.
   * @throws BardcastError `bad-request` where the id cannot be one, `busy` where the table is full
   */
  seat(player: string): void {
    if (!PLAYER_ID.test(player) || RESERVED.has(player.toLowerCase())) {
      const message = `"${player.slice(0, 64)}" cannot be a player's id: use 1-64 letters, digits, spaces, - _ . '`;
      throw new BardcastError("bad-request", message);
    }
    if (this.#seats.size >= MAX_PLAYERS && !this.#seats.has(player)) {
      throw new BardcastError("busy", `the table is full: ${MAX_PLAYERS} players have a seat`);
    }
    this.#seats.add(player);
  }

  /**
   * Takes the seat away: at once tokens die and sockets close; resolves when that is kept. Who gets the seat
   * later hears nothing of what was said to its holder.
   * @throws BardcastError `unknown-player`
   */
  unseat(player: string): Promise<void> {
    this.requireSeats([player]);
    this.#seats.delete(player);
    this.tokens.revoke(player);
    this.streams.forget(player);
    return this.#state.saved();
  }

  /**
   * A new token for a player; the old ones die at once, and with them the sockets. Resolves when that is kept.
   * @throws BardcastError `unknown-player`
   */
  async reinvite(player: string): Promise<string> {
    this.requireSeats([player]);
    const token = await this.tokens.refresh(player);
    await this.#state.saved();
    return token;
  }

  /**
   * Looks again whether somebody who was let in still may be here.
   * @throws BardcastError `unauthorized`, `unknown-player`
   */
  requireRights(claims: Claims): void {
    this.tokens.requireCurrent(claims);
    this.requireSeats(claims.role === "player" ? [claims.player] : []);
  }

  /**
   * Makes a listener of a socket; see `ConnectionManager.connect`.
   * @throws BardcastError as `requireRights`: they may have been lost since the socket was let in
   */
  listen(socket: Socket, claims: Claims, v2?: ClientState): Connection {
    this.requireRights(claims);
    const connection = this.connections.connect(socket, claims.player, claims.role, v2);
    if (!connection.isOpen)
      this.observers.observe({ type: "limit.reached", limit: "connections_per_player" });
    return connection;
  }

  /** @throws BardcastError `unknown-player` where one of them has no seat */
  requireSeats(players: readonly string[]): void {
    const unknown = players.filter((player) => !this.#seats.has(player));
    if (unknown.length === 0) return;
    const message = `nobody here is called ${unknown.join(", ")}; seated: ${this.players.join(", ") || "nobody"}`;
    throw new BardcastError("unknown-player", message);
  }

  /** The workers, or this thread. */
  get speech(): SpeechHostStatus {
    return this.#host.status();
  }

  async status(): Promise<PartyStatus> {
    const players = this.players.map((id) => {
      const waiting = this.lobby.count(id);
      const own = { ...this.#presence.presenceOf(id), ...this.#presence.stepOf(id) };
      return waiting > 0 ? { ...own, waiting } : own;
    });
    const queue = queueOf(this.streams);
    const { recent } = this.streams.log;
    return {
      party: this.id,
      players,
      engines: await this.engines(),
      speech: this.speech,
      queue,
      recent,
    };
  }

  /** Gets the router ready; one that cannot is told of, and asked to speak all the same. */
  async warmUp(log: (message: string) => void): Promise<void> {
    await answerOf(this.router, () => this.router.warmup()).catch((error) => log(messageOf(error)));
  }

  /** Why nothing can be kept in the campaign's folder; undefined where it can, or nothing is to be kept. */
  get storageProblem(): string | undefined {
    return this.#state.problem;
  }

  /** How the engines are; of a router that does not say so, that is what is told. */
  async engines(): Promise<EngineStatus[]> {
    try {
      return await answerOf(this.router, () => this.router.getStatus());
    } catch (error) {
      return [{ name: "router", available: false, outOfOrder: messageOf(error), tiers: [], languages: [] }];
    }
  }

  /** Whether it takes nothing new: it is closing, or closed. */
  get isClosing(): boolean {
    return this.streams.isClosing;
  }

  /**
   * Ends every line, socket, engine and worker. Safe to call twice.
   * @param options.graceMs lines under way have to end by themselves; default 0: they are cancelled
   */
  async close({ graceMs = 0 }: { graceMs?: number } = {}): Promise<void> {
    this.#unsubscribe();
    this.#presence.close();
    this.lobby.close(CLOSE.goingAway, "the party is over");
    await this.streams.close(graceMs);
    this.connections.closeAll();
    await this.#state.saved();
    await answerOf(this.router, () => this.router.shutdown()).catch(() => undefined);
    await this.#host.close();
    await this.cache?.close();
    this.observers.observe({ type: "party.closed" });
  }

  /** How a player hears has changed. */
  announceState(player: string): void {
    this.#presence.note(player);
  }

  /** Nobody listens by a token that is void. */
  #hangUp(player: string): void {
    const isLink = this.#seats.has(player) || isGuestId(player);
    const reason = isLink ? "your link was replaced" : "your seat was taken away";
    this.lobby.close(CLOSE.policy, reason, player);
    this.connections.closePlayer(player, CLOSE.policy, reason);
  }

  /** Tells the others who came or left; on dm20 a second device is no news. */
  #announce(connection: Connection, change: "opened" | "ended"): void {
    const { player, role } = connection;
    if (change === "opened" && isV2(connection) && role !== "observer") this.#presence.greet(connection);
    if (role !== "player") return;
    this.#presence.note(player);
    if (this.connections.connectionCount(player) !== (change === "opened" ? 1 : 0)) return;
    const content = change === "opened" ? `${player} joined` : `${player} left`;
    const message = JSON.stringify({ type: "system", content, timestamp: new Date().toISOString() });
    for (const other of this.connections.all()) {
      if (other.player !== player && other.role !== "observer" && !isV2(other)) other.post(message);
    }
  }
}
