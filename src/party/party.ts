/** A party is one table: its players, voices, engines, connections and utterances. @module */
import type { Observers } from "../core/observation.ts";
import type { LogPage, PartyStatus, SpeechStatus } from "../core/protocol/api.ts";
import type { ClientNote, HelloMessage } from "../core/protocol/v2.ts";
import type { SpeechCache } from "../engines/cache/speech-cache.ts";
import type { EngineRef } from "../engines/catalogue.ts";
import type { FrameEncoding } from "../engines/contract/sentence-job.ts";
import type { SpeechHosts } from "../pool/speech-hosts.ts";
import { Guests, isGuestId } from "./access/guests.ts";
import type { Lobby } from "./access/lobby.ts";
import type { MessageBudget } from "./access/message-budget.ts";
import type { Claims, TokenKeeper } from "./access/tokens.ts";
import { type AddEngineOptions, addEngine } from "./add-engine.ts";
import { Answers } from "./answers.ts";
import type { NpcStreamOptions, StreamOptions, Text } from "./audio-stream-options.ts";
import { Characters } from "./characters.ts";
import type { ClusterNode } from "./cluster/cluster.ts";
import { takePart } from "./cluster-table.ts";
import type { PartyParts } from "./party-parts.ts";
import { statusOf } from "./party-status.ts";
import type { PartyStore } from "./party-store.ts";
import { PresenceBoard } from "./presence.ts";
import type { RenderedPart, RenderedSound, RenderRequest } from "./render-line.ts";
import type { Utterance, UtteranceRequest } from "./request/utterance.ts";
import type { ConnectionsShape, RegistryShape, RouterShape, StreamsShape } from "./shapes.ts";
import type { SoundDesk } from "./sounds/sound-desk.ts";
import type { Preparation, PrepareRequest } from "./speaking/preparer.ts";
import { answerOf } from "./speaking/trusted-router.ts";
import type { UtteranceTotals } from "./speaking/utterance-log.ts";
import { answerProbe } from "./transport/answer-probe.ts";
import { ClientState } from "./transport/client-state.ts";
import type { Connection, V2Connection } from "./transport/connection.ts";
import { CLOSE, type Socket } from "./transport/socket.ts";
import { Tuning } from "./tuning/tuning.ts";

/** One table. Made by `createParty`. */
export class Party {
  readonly id: string;
  readonly registry: RegistryShape;
  readonly router: RouterShape;
  readonly connections: ConnectionsShape;
  readonly streams: StreamsShape;
  readonly tokens: TokenKeeper;
  readonly cache: SpeechCache | undefined;
  readonly guests: Guests;
  readonly observers: Observers;
  readonly lobby: Lobby;
  readonly budget: MessageBudget;
  readonly store: PartyStore;
  readonly cluster: ClusterNode | undefined;
  readonly #hosts: SpeechHosts;
  readonly #isCacheShared: boolean;
  readonly characters: Characters;
  readonly answers: Answers;
  readonly tuning: Tuning;
  readonly sounds: SoundDesk;
  readonly #presence: PresenceBoard;

  constructor(parts: PartyParts) {
    this.id = parts.id;
    this.registry = parts.registry;
    this.router = parts.router;
    this.connections = parts.connections;
    this.streams = parts.streams;
    this.tokens = parts.tokens;
    this.cache = parts.cache;
    this.observers = parts.observers;
    this.guests = new Guests(parts.tokens, parts.store.guests);
    this.lobby = parts.lobby;
    this.budget = parts.budget;
    this.store = parts.store;
    this.cluster = parts.cluster;
    this.#hosts = parts.hosts;
    this.#isCacheShared = parts.isCacheShared;
    this.characters = new Characters(parts.registry, parts.store.npcs);
    this.answers = new Answers(parts.connections, parts.store.journal, parts.cluster);
    this.tuning = new Tuning(this.connections, this.streams, parts.sounds);
    this.sounds = parts.sounds;
    this.#presence = new PresenceBoard(this.connections, () => this.players, this.store.settings);
    // Until the last utterance is over, also while the party ends.
    this.tokens.onRevoked((player) => this.#hangUp(player));
  }

  /** Takes part beside other processes, where there are any. */
  join(): Promise<void> {
    return takePart(this, this.#presence);
  }

  /**
   * Says a line and returns at once; see `UtteranceRequest` and `Utterance`.
   * @throws BardcastError `text-empty`, `text-too-long`, `bad-request`, `busy`, `closed`
   */
  speak(line: UtteranceRequest): Utterance {
    return this.streams.speak(line);
  }

  cancel(utterance: string): boolean {
    return this.streams.cancel(utterance);
  }

  /** The service that asked for a line, as far as that is remembered. */
  serviceOf(utterance: string): string | undefined {
    return this.streams.log.serviceOf(utterance);
  }

  /** Whether a line waits for one of higher priority, whatever it interrupts. */
  isHeldUp(utterance: string): boolean {
    return this.streams.isHeldUp(utterance);
  }

  /** Has a waiting line begun before another, or last; see `AudioStreamManager.move`. @returns those that wait, in order */
  move(utterance: string, before?: string): string[] {
    return this.streams.move(utterance, before);
  }

  /** Has a line synthesised ahead, so that it starts at once should it be said. @throws as `speak`, `cancelled` */
  prepare(line: PrepareRequest): Promise<Preparation> {
    return this.streams.prepare(line);
  }

  /** A line's sound; nobody at the table hears or reads any of it. @throws as `speak`; while it is read, as `renderLine` */
  render(line: RenderRequest): AsyncIterable<RenderedSound> {
    return this.streams.render(line);
  }

  /** The same in one encoding, with the times of words. @throws as `render` */
  renderParts(line: RenderRequest, encoding: FrameEncoding): AsyncIterable<RenderedPart> {
    return this.streams.renderParts(line, encoding);
  }

  /** Says a line to one player; true if they were handed every chunk of it. @throws as `speak` */
  streamToPlayer(player: string, text: Text, options?: StreamOptions): Promise<boolean> {
    return this.streams.streamToPlayer(player, text, options);
  }

  /** Says a line to everybody; true if at least one player was handed every chunk of it. @throws as `speak` */
  streamToAll(text: Text, options?: StreamOptions): Promise<boolean> {
    return this.streams.streamToAll(text, options);
  }

  /** Says an NPC's line to one player. @throws as `speak` */
  streamNpcToPlayer(player: string, text: Text, name: string, options?: NpcStreamOptions): Promise<boolean> {
    return this.streams.streamNpcToPlayer(player, text, name, options);
  }

  /** Says an NPC's line to everybody. @throws as `speak` */
  streamNpcToAll(text: Text, name: string, options?: NpcStreamOptions): Promise<boolean> {
    return this.streams.streamNpcToAll(text, name, options);
  }

  /** Ids of everybody who has a seat, connected or not. */
  get players(): string[] {
    return this.store.seats.players;
  }

  /**
   * Gives a player a seat; a second seat for the same player is the same seat, also where the letters' case differs.
   * @returns the player's id
   * @throws BardcastError `bad-request` where the id cannot be one, `busy` where the table is full
   */
  seat(player: string): string {
    return this.store.seats.give(player);
  }

  /**
   * Takes the seat away: at once tokens die and sockets close; resolves when that is kept. Who gets the seat
   * later hears nothing of what was said to its holder.
   * @throws BardcastError `unknown-player`
   */
  async unseat(player: string): Promise<void> {
    this.requireSeats([player]);
    this.store.seats.take(player);
    this.tokens.revoke(player);
    this.streams.forget(player);
    this.answers.lower(player);
    this.sounds.forget(player);
    await this.store.newcomer(player);
  }

  /**
   * A new token for a player; the old ones die at once, and with them the sockets. Resolves when that is kept.
   * @throws BardcastError `unknown-player`
   */
  async reinvite(player: string): Promise<string> {
    this.requireSeats([player]);
    const token = await this.tokens.refresh(player);
    await this.store.saved();
    return token;
  }

  /** Looks again whether who was let in may still be here. @throws BardcastError `unauthorized`, `unknown-player` */
  requireRights(claims: Claims): void {
    this.tokens.requireCurrent(claims);
    this.requireSeats(claims.role === "player" ? [claims.player] : []);
  }

  /**
   * Makes a listener of a socket; see `ConnectionManager.connect`.
   * @param hello what its client said first on the v2 wire; without it dm20 is spoken
   * @throws BardcastError as `requireRights`: they may have been lost since the socket was let in
   */
  listen(socket: Socket, claims: Claims, hello?: HelloMessage): Connection {
    this.requireRights(claims);
    const v2 = hello && new ClientState(hello);
    if (hello?.sounds) this.store.hear(claims.player, hello.sounds);
    if (this.connections.connectionCount(claims.player) >= this.connections.perPlayer)
      this.observers.observe({ type: "limit.reached", limit: "connections_per_player" });
    return this.connections.connect(socket, claims.player, claims.role, v2);
  }

  /** A client gave a sign of life. */
  spoke(connection: Connection): void {
    this.connections.markPong(connection.player, connection);
  }

  /** What a v2 client says about itself. @param receivedAt when it came, on the server's clock */
  note(connection: V2Connection, said: ClientNote, receivedAt: number): void {
    const { state } = connection.v2;
    if (said.type === "clock") answerProbe(connection, said, { receivedAt, now: () => this.now() });
    else if (said.type === "heard") this.streams.heard(connection, said);
    else {
      connection.v2.change(said);
      if (said.sounds) this.store.hear(connection.player, said.sounds);
    }
    if (connection.v2.state !== state) this.#presence.note(connection.player);
  }

  now(): number {
    return this.streams.now();
  }

  /** @throws BardcastError `unknown-player` where one of them has no seat */
  requireSeats(players: readonly string[]): void {
    this.store.seats.requireAll(players);
  }

  get speech(): SpeechStatus {
    return this.#hosts.status();
  }

  /** Utterances that are not over. */
  get open(): number {
    return this.streams.utterances.length;
  }

  get totals(): Readonly<UtteranceTotals> {
    return this.streams.log.totals;
  }

  /** A dm20 client asks for the texts after a time, ISO 8601. */
  tellAgain(connection: Connection, since: string | null | undefined): void {
    this.streams.tellAgain(connection, since);
  }

  /** A page of what was said; see `UtteranceLog.page`. */
  said(page: { before?: string | undefined; limit: number }): LogPage {
    return this.streams.log.page(page);
  }

  /** Another engine speaks from the next sentence on. @throws BardcastError as `addEngine` */
  addEngine(ref: EngineRef, options: AddEngineOptions = {}): Promise<void> {
    return addEngine({ hosts: this.#hosts, router: this.router, cache: this.cache }, ref, options);
  }

  status(): Promise<PartyStatus> {
    return statusOf(this, this.#presence);
  }

  get isClosing(): boolean {
    return this.streams.isClosing;
  }

  /**
   * Ends every line, socket, engine and worker. Safe to call twice.
   * @param options `graceMs`: so long lines under way have to end by themselves; default 0: they are cancelled
   */
  async close({ graceMs = 0 }: { graceMs?: number } = {}): Promise<void> {
    this.#presence.close();
    this.tuning.close();
    this.characters.close();
    this.lobby.close(CLOSE.goingAway, "the party is over");
    await this.streams.close(graceMs);
    await this.cluster?.close();
    this.connections.closeAll();
    await this.store.close();
    await answerOf(this.router, () => this.router.shutdown()).catch(() => undefined);
    await this.#hosts.close();
    if (!this.#isCacheShared) await this.cache?.close();
    this.observers.observe({ type: "party.closed" });
  }

  /** Nobody listens by a token that is void. */
  #hangUp(player: string): void {
    const isLink = this.store.seats.has(player) || isGuestId(player);
    const reason = isLink ? "your link was replaced" : "your seat was taken away";
    this.lobby.close(CLOSE.policy, reason, player);
    this.connections.closePlayer(player, CLOSE.policy, reason);
  }
}
