import type { Msg } from "@nats-io/nats-core";
import { BardcastError, messageOf } from "../../core/errors.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { ClusterNode, ClusterStatus, ClusterTable } from "../../party/cluster/cluster.ts";
import type { Role } from "../../party/transport/role.ts";
import type { Connections } from "../connections.ts";
import type { LeaseEvent, Leases } from "../lease/leases.ts";
import { jsonIn } from "../log/log-entry.ts";
import { PartyLog } from "../log/party-log.ts";
import type { SharedMemory } from "../memory/shared-memory.ts";
import { type PartySubjects, subjectsOf } from "../subjects.ts";
import { Away, type Here, REPEAT_MS, readHere } from "./away.ts";
import type { BusLine } from "./bus-line.ts";
import { Following } from "./following.ts";
import { Forwarding } from "./forwarding.ts";
import { type BusParts, Holding } from "./holding.ts";
import type { Heard } from "./line-needs.ts";
import { PartyLines } from "./party-lines.ts";

/** Changes that come within this time are told together. */
const GATHER_MS = 20;
/** ms between two times that the holder is told how lines are heard here. */
const PROGRESS_MS = 1_000;
/** ms that what was said may take to be stored when this node leaves. */
const LEAVE_MS = 2_000;

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
  #holding: Holding | undefined;
  #claiming: Promise<void> | undefined;
  #table: ClusterTable | undefined;
  #stops: (() => void)[] = [];
  #telling: ReturnType<typeof setTimeout> | undefined;
  #wasHere = false;
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
        tell: (line, heard) => void this.#ask(line, heard).catch(() => undefined),
        ask: (line, heard) => this.#ask(line, heard),
        hears: () => this.#following.sounds,
        hear: (encodings) => this.#following.hear(encodings),
      },
    });
    this.#parts = {
      connections,
      subjects: this.#subjects,
      lines: this.lines,
      away: this.#away,
      log: new PartyLog(connections.text, this.#subjects, replicas),
      session: () => leases.session,
      holdsAt: (at) => this.#holding?.claim.epoch === at,
      warn,
    };
    this.#following = new Following(this.#parts, () => void this.#claim());
    this.#forwarding = new Forwarding(connections, this.#subjects, {
      isHolder: () => this.#holding !== undefined,
      claim: () => this.#claim(),
      onHolderGone: (listener) => this.#onHolderGone(listener),
    });
  }

  get status(): ClusterStatus {
    const { node, isUp } = this.#connections;
    const nodes = [node, ...this.#away.nodes];
    return { node, holds: this.#holding !== undefined, connected: isUp, nodes };
  }

  attach(table: ClusterTable): Promise<void> {
    this.#table = table;
    const { text } = this.#connections;
    table.onChange(() => this.#tellSoon());
    const repeating = setInterval(() => this.#repeat(), REPEAT_MS);
    const progress = setInterval(() => this.#tellProgress(), PROGRESS_MS);
    this.#stops.push(
      text.listen(this.#subjects.here, (message) => this.#takeHere(message)),
      () => clearInterval(repeating),
      () => clearInterval(progress),
      this.#leases.observe((event) => this.#noteLease(event)),
      text.onChange((isUp) => isUp && this.#reconnected()),
    );
    return Promise.resolve();
  }

  async admit({ player, role, isV2 }: { player: string; role: Role; isV2: boolean }): Promise<void> {
    if (this.#holding) return;
    // Which codec a client of v2 wants is not known before its hello.
    const encodings: Encoding[] = isV2 ? ["opus"] : ["dm20"];
    await this.#following.admit(role === "player" ? player : "", encodings);
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

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops.splice(0)) stop();
    clearTimeout(this.#telling);
    const until = performance.now() + LEAVE_MS;
    const holding = this.#holding;
    while (holding?.waiting && performance.now() < until)
      await new Promise((go) => setTimeout(go, GATHER_MS));
    this.#publishHere({ players: [], observers: 0, encodings: [], leaves: true });
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
    try {
      this.#holding = holding;
      this.#following.holds(this.#leases.session, claim.epoch);
      await holding.open();
    } catch (error) {
      this.#lose(holding);
      await claim.release();
      throw error;
    }
    this.#tellSoon();
  }

  /** Somebody else holds the party, or will: what they tell is followed. */
  #lose(holding: Holding): void {
    holding.close();
    if (this.#holding !== holding) return;
    this.#holding = undefined;
    if (this.#isClosed || !this.#hasListeners) return;
    const wasOpen = this.#following.isOpen;
    void this.#following.open().then(() => (wasOpen ? this.#following.ask() : undefined));
  }

  get #hasListeners(): boolean {
    const here = this.#here();
    return here.players.length + here.observers > 0;
  }

  #noteLease(event: LeaseEvent): void {
    if (event.type !== "gone") return;
    this.#forget(event.session);
    if (event.session !== this.#following.holder) return;
    for (const listener of [...this.#goneListeners]) listener();
    if (this.#hasListeners) void this.#claim();
  }

  readonly #goneListeners = new Set<() => void>();

  #onHolderGone(listener: () => void): () => void {
    this.#goneListeners.add(listener);
    return () => this.#goneListeners.delete(listener);
  }

  #reconnected(): void {
    this.#tellSoon();
    if (!this.#holding && this.#following.isOpen) void this.#following.ask();
  }

  #forget(session?: string): void {
    const gone = this.#away.forget(session);
    if (gone.length === 0) return;
    this.#holding?.gone(gone);
    this.#table?.elsewhere(this.#away.players);
  }

  #takeHere(message: Msg): void {
    const here = readHere(jsonIn(message.data));
    if (!here || here.node === this.#connections.node) return;
    const isNew = this.#away.take(here);
    if (here.leaves) this.#holding?.gone([here.node]);
    // Whoever has just come knows nobody.
    if (isNew) this.#tellSoon();
    this.#table?.elsewhere(this.#away.players);
  }

  /** Who is connected here. */
  #here(): Pick<Here, "players" | "observers" | "encodings"> & { latencyMs?: number } {
    return this.#table?.here() ?? { players: [], observers: 0, encodings: [] };
  }

  #tellSoon(): void {
    if (this.#isClosed) return;
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      const here = this.#here();
      const arriving = this.#following.arriving(here.players.map(({ id }) => id));
      for (const id of arriving) here.players.push({ id, connections: 1, state: "away" });
      const isHere = here.players.length + here.observers > 0;
      if (isHere || this.#wasHere) this.#publishHere({ ...here, ...(isHere ? {} : { leaves: true }) });
      this.#wasHere = isHere;
    }, GATHER_MS);
  }

  #publishHere(here: Omit<Here, "v" | "node" | "session">): void {
    const { node, text } = this.#connections;
    const told: Here = { v: 1, node, session: this.#leases.session, ...here };
    text.publish(this.#subjects.here, JSON.stringify(told));
  }

  #repeat(): void {
    this.#forget();
    if (this.#wasHere) this.#tellSoon();
  }

  #tellProgress(): void {
    if (this.#holding) return;
    for (const line of this.lines.all) line.tellProgress();
  }

  async #ask(
    line: BusLine,
    heard: Omit<Heard, "v" | "node" | "u">,
  ): Promise<{ frames: number; clips: number }> {
    const { node, text } = this.#connections;
    const said = JSON.stringify({ v: 1, node, u: line.id, ...heard });
    const message = await text.request(this.#subjects.heard, said);
    if (heard.stage) line.taken(heard.stage);
    return jsonIn(message.data) as { frames: number; clips: number };
  }
}
