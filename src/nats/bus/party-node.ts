import { BardcastError, messageOf } from "../../core/errors.ts";
import type { Answer } from "../../core/protocol/answers.ts";
import type { ClusterNode, ClusterStatus, ClusterTable, HereAtTable } from "../../party/cluster/cluster.ts";
import type { PassedHit } from "../../party/sounds/shared-place.ts";
import type { Role } from "../../party/transport/role.ts";
import type { Connections } from "../connections.ts";
import type { LeaseEvent, Leases } from "../lease/leases.ts";
import { jsonIn } from "../log/log-entry.ts";
import { PartyLog } from "../log/party-log.ts";
import type { SharedMemory } from "../memory/shared-memory.ts";
import { type PartySubjects, subjectsOf } from "../subjects.ts";
import { Away } from "./away.ts";
import type { BusLine } from "./bus-line.ts";
import { Following } from "./following.ts";
import { Forwarding } from "./forwarding.ts";
import { passHit, takeHits } from "./hits.ts";
import { type BusParts, Holding } from "./holding.ts";
import { PartyLines } from "./party-lines.ts";
import { PresenceExchange } from "./presence-exchange.ts";
import type { SoundThere } from "./sound-recovery.ts";
import type { News } from "./told-holder.ts";

/** ms between two times that the holder is told how lines are heard here. */
const PROGRESS_MS = 1_000;
/** ms that what was said may take to be stored when this node leaves, and between two looks at it. */
const LEAVE_MS = 2_000;
const LOOK_MS = 20;

export interface NodeOptions {
  party: string;
  connections: Connections;
  leases: Leases;
  memory: SharedMemory;
  /** Of the party's numbers on the wire. */
  epoch: string;
  /** The party's time. */
  now: () => number;
  replicas: number;
  warn: (message: string) => void;
}

/** One node's part in a party: it follows what the party's holder tells, or is the holder itself. */
export class PartyNode implements ClusterNode {
  readonly lines: PartyLines;
  readonly memory: SharedMemory;
  readonly #party: string;
  readonly #connections: Connections;
  readonly #leases: Leases;
  readonly #subjects: PartySubjects;
  readonly #away = new Away();
  readonly #parts: BusParts;
  readonly #following: Following;
  readonly #forwarding: Forwarding;
  readonly #presence: PresenceExchange;
  #holding: Holding | undefined;
  /** It has claimed the party, and does not know yet what was said. */
  #opening: Holding | undefined;
  #claiming: Promise<void> | undefined;
  #table: ClusterTable | undefined;
  #stops: (() => void)[] = [];
  readonly #goneListeners = new Set<() => void>();
  #taken = 0;
  #isClosed = false;

  constructor({ party, connections, leases, memory, epoch, now, replicas, warn }: NodeOptions) {
    this.#party = party;
    this.#connections = connections;
    this.#leases = leases;
    this.memory = memory;
    this.#subjects = subjectsOf(party);
    const holding = (): Holding => {
      if (this.#holding) return this.#holding;
      throw new BardcastError("busy", "another node holds this party", { retryable: true });
    };
    this.lines = new PartyLines({
      epoch,
      now,
      begin: (line) => holding().begin(line),
      host: {
        store: (line, message) => this.#holding?.store(line, message),
        pass: (line, message) => this.#holding?.pass(line, message),
        publish: (line, encoding, bytes) => this.#holding?.publish(line, encoding, bytes),
        place: () => ({ e: this.#holding?.claim.epoch ?? 0, i: this.lines.entry }),
        isHolder: () => this.#holding !== undefined,
        tell: (line, heard) => void this.#ask(line, heard).catch(() => undefined),
        ask: (line, heard) => this.#ask(line, heard),
        hears: () => this.#following.sounds,
        hear: (encodings) => this.#following.hear(encodings),
      },
      answered: (answer) => this.#table?.answered(answer),
    });
    this.#parts = {
      connections,
      subjects: this.#subjects,
      lines: this.lines,
      away: this.#away,
      log: new PartyLog(connections.text, this.#subjects, replicas),
      session: () => leases.session,
      holdsAt: (at) => (this.#opening ?? this.#holding)?.claim.epoch === at,
      warn,
    };
    this.#following = new Following(this.#parts, {
      players: () => this.#here().players.map(({ id }) => id),
      isHere: (player) => this.#table?.isHere(player) ?? false,
      hasConsole: () => this.#here().consoles > 0,
      onNobody: () => void this.#claim(),
    });
    this.#presence = new PresenceExchange(connections, this.#subjects.here, this.#away, {
      session: () => leases.session,
      here: () => this.#here(),
      arriving: () => this.#following.arriving,
      came: (players) => this.#holding?.came(players),
      gone: (there) => this.#holding?.gone(there),
      changed: () => this.#table?.elsewhere(this.#away.players),
    });
    this.#forwarding = new Forwarding(connections, this.#subjects, {
      isHolder: () => this.#holding !== undefined,
      claim: () => this.#claim(),
      onHolderGone: (listener) => this.#onHolderGone(listener),
    });
  }

  get status(): ClusterStatus {
    const { node, isUp } = this.#connections;
    const nodes = [node, ...this.#away.nodes];
    const waiting = this.#holding?.waiting ?? 0;
    return { node, holds: this.#holding !== undefined, connected: isUp, nodes, waiting, taken: this.#taken };
  }

  attach(table: ClusterTable): Promise<void> {
    this.#table = table;
    const { text } = this.#connections;
    table.onChange(() => {
      this.#following.noteArrivals();
      this.#presence.tellSoon();
    });
    const progress = setInterval(() => this.#tellProgress(), PROGRESS_MS);
    this.#presence.open();
    this.#stops.push(
      () => clearInterval(progress),
      takeHits(text, this.#subjects.hit(this.#connections.node), (hit) => table.hit(hit)),
      this.#leases.observe((event) => this.#noteLease(event)),
      text.onChange((isUp) => isUp && this.#reconnected()),
    );
    return Promise.resolve();
  }

  async admit({ player, role, isV2 }: { player: string; role: Role; isV2: boolean }): Promise<void> {
    if (this.#holding) return;
    await this.#following.admit(role === "player" ? player : "", isV2);
    await this.#claiming;
  }

  serve(answer: (request: Request) => Promise<Response>): void {
    this.#forwarding.serve(answer);
  }

  forward(request: Request): Promise<Response | undefined> {
    return this.#forwarding.forward(request);
  }

  here(request: Request): Promise<Response> {
    return this.#forwarding.here(request);
  }

  async keep(answer: Answer): Promise<boolean> {
    return (await this.#holding?.keep(answer)) ?? false;
  }

  pass(hit: PassedHit): Promise<number> {
    const subjects = this.#away.nodesOf(hit.to).map(({ node }) => this.#subjects.hit(node));
    return passHit(hit, this.#connections.text, subjects);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops.splice(0)) stop();
    const until = performance.now() + LEAVE_MS;
    const holding = this.#holding;
    while (holding?.waiting && performance.now() < until) await new Promise((go) => setTimeout(go, LOOK_MS));
    this.#presence.close();
    this.#holding = undefined;
    holding?.close();
    this.#following.close();
    this.memory.close();
    await holding?.claim.release();
  }

  /** Takes the party, if nobody else holds it. Never rejects. */
  #claim(): Promise<void> {
    this.#claiming ??= this.#take()
      .catch((error) => this.#parts.warn(`the party ${this.#party} was not taken: ${messageOf(error)}`))
      .finally(() => {
        this.#claiming = undefined;
      });
    return this.#claiming;
  }

  async #take(): Promise<void> {
    if (this.#holding || this.#isClosed) return;
    const { claim } = await this.#leases.claim(this.#party);
    if (!claim) return;
    const holding = new Holding(claim, this.#parts, (message) => this.#forwarding.answer(message));
    claim.lost.addEventListener("abort", () => this.#lose(holding), { once: true });
    this.#opening = holding;
    try {
      this.#following.holds(this.#leases.session, claim.epoch);
      await holding.open();
      claim.lost.throwIfAborted();
      if (this.#isClosed) throw new BardcastError("closed", "this node ends");
      this.#holding = holding;
      this.#taken += 1;
    } catch (error) {
      holding.close();
      await claim.release();
      throw error;
    } finally {
      this.#opening = undefined;
    }
    // What it tells others it has told itself.
    this.#following.close();
    this.#presence.tellSoon();
  }

  /** Somebody else holds the party, or will: what they tell is followed. */
  #lose(holding: Holding): void {
    holding.close();
    if (this.#holding !== holding) return;
    this.#holding = undefined;
    if (this.#isClosed || !this.#hasListeners) return;
    void this.#following.open();
  }

  get #hasListeners(): boolean {
    const here = this.#here();
    return here.players.length + here.observers + here.consoles > 0;
  }

  #noteLease(event: LeaseEvent): void {
    if (event.type !== "gone") return;
    this.#presence.forget(event.session);
    if (event.session !== this.#following.holder) return;
    for (const listener of [...this.#goneListeners]) listener();
    if (this.#hasListeners) void this.#claim();
  }

  #onHolderGone(listener: () => void): () => void {
    this.#goneListeners.add(listener);
    return () => this.#goneListeners.delete(listener);
  }

  #reconnected(): void {
    this.#presence.tellSoon();
    if (!this.#holding && this.#following.isOpen) void this.#following.ask();
  }

  /** Who is connected here. */
  #here(): HereAtTable {
    return this.#table?.here() ?? { players: [], observers: 0, consoles: 0, encodings: [] };
  }

  /** What nobody here needs does not come to this node. */
  #rest(): void {
    const heard = [...this.lines.all].filter((line) => line.isHeardHere);
    const isFollowing = !this.#holding && (this.#hasListeners || heard.length > 0);
    const encodings = [...this.#here().encodings, ...heard.flatMap((line) => line.encodings)];
    // Lines stay as they are: who comes back to one of them has the rest fetched.
    this.#following.rest(isFollowing ? new Set(encodings) : undefined);
  }

  #tellProgress(): void {
    this.#rest();
    if (this.#holding) return;
    for (const line of this.lines.all) line.tellProgress();
  }

  async #ask(line: BusLine, heard: News): Promise<SoundThere> {
    const { node, text } = this.#connections;
    const said = JSON.stringify({ v: 1, node, u: line.id, ...heard });
    const message = await text.request(this.#subjects.heard, said);
    if (heard.stage) line.taken(heard.stage);
    const there = jsonIn(message.data) as SoundThere;
    line.expect(there);
    return there;
  }
}
