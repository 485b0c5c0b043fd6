import { within } from "../../core/async/abortable.ts";
import { deferred } from "../../core/async/deferred.ts";
import type { KeeperOptions, KeeperParts } from "./keeper-parts.ts";
import { DEAD, readBorn, SESSIONS, sessionKey, writeBeat } from "./lease-records.ts";
import type { LeaseClock, LeaseStore, Liveness, StoredKey } from "./lease-store.ts";
import type { LeaseEvent, LeaseState } from "./leases.ts";
import { PeerSessions } from "./peer-sessions.ts";

/** Sessions behind it in the ring that each one looks after: each look wakes two nodes, most of what an idle node costs. */
const NEIGHBOURS = 1;
/** Looks in a row that find no connection, after which there is none. */
const MISSES = 2;

/** This node's session: it beats, hears the others beat, and declares dead who is gone. */
export class NodeSession {
  readonly #store: LeaseStore;
  readonly #liveness: Liveness;
  readonly #clock: LeaseClock;
  readonly #life: () => string;
  readonly #options: KeeperOptions;
  readonly #tell: (event: LeaseEvent) => void;
  readonly #peers: PeerSessions;
  readonly #probing = new Set<string>();
  readonly #accusing = new Map<string, Promise<boolean>>();
  #name = "";
  #isJoined = false;
  /** Of this session's key. */
  #revision = 0;
  #born = 0;
  #beats = 0;
  /** When the last beat that was acknowledged had been sent. */
  #ackedAt = -Infinity;
  /** Before that nobody's connection is looked for: others may be slower to come back. */
  #probeFrom = -Infinity;
  #beating: Promise<void> | undefined;
  readonly #hasSeenItself = deferred();
  #told: LeaseState = "joining";
  #stopAnswering = (): void => undefined;
  #stops: (() => void)[] = [];
  #isClosed = false;

  constructor(
    { store, liveness, clock, life }: KeeperParts,
    options: KeeperOptions,
    tell: (event: LeaseEvent) => void,
  ) {
    this.#store = store;
    this.#liveness = liveness;
    this.#clock = clock;
    this.#life = life;
    this.#options = options;
    this.#tell = tell;
    this.#peers = new PeerSessions(options.silenceMs);
    this.#rename();
  }

  /** The name under which this node lives. */
  get name(): string {
    return this.#name;
  }

  get state(): LeaseState {
    if (!this.#isJoined) return "joining";
    return this.#clock.now() - this.#ackedAt > this.#options.silenceMs / 2 ? "doubtful" : "live";
  }

  /** All sessions alive, the oldest first. */
  get all(): string[] {
    const own = { session: this.#name, born: this.#born };
    return this.#peers.oldestFirst(this.#isJoined ? own : undefined);
  }

  /** Joins the others, and knows them when it resolves. @throws whatever the store throws */
  async open(): Promise<void> {
    await this.#join();
    this.#stops = [
      this.#store.watch(SESSIONS, (key, stored) => this.#seen(key.slice(SESSIONS.length), stored)),
      this.#clock.every(this.#options.beatMs, () => this.#beat()),
      this.#clock.every(this.#options.probeMs, () => this.#look()),
      this.#liveness.onBreak(() => this.#doubt()),
    ];
    const late = (): unknown => new Error("the other sessions are not told");
    await within(this.#hasSeenItself.promise, { ms: this.#options.silenceMs, late });
  }

  isKnownDead(session: string): boolean {
    return this.#peers.isDead(session);
  }

  /**
   * Finds out whether a session is gone, and declares it dead then, so that it cannot come back.
   * @throws whatever the store throws
   */
  async isGone(session: string): Promise<boolean> {
    if (this.#peers.isDead(session)) return true;
    if (this.#peers.revisionOf(session) === undefined && (await this.#readUp(session))) return true;
    if (this.#peers.isSilent(session, this.#clock.now())) return this.#declareDead(session);
    for (let misses = 0; misses < MISSES; misses++) {
      if (misses > 0) await this.#clock.wait(this.#options.probeMs / 2);
      if (this.#clock.now() < this.#probeFrom || (await this.#liveness.isThere(session))) return false;
    }
    return this.#declareDead(session);
  }

  /** Ends the session, so that nobody has to wait until it is silent. Never rejects. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    await this.#beating;
    this.#stopAnswering();
    if (this.#isJoined)
      await this.#store.write(sessionKey(this.#name), DEAD, this.#revision).catch(() => undefined);
    this.#isJoined = false;
  }

  #rename(): void {
    this.#name = `${this.#options.node}-${this.#life()}`;
  }

  async #joinAgain(): Promise<void> {
    try {
      await this.#join();
    } catch {
      // It may be stored all the same; then nobody beats that key, and it is soon dead to everybody.
      this.#rename();
      this.#tell({ type: "session", session: this.#name });
    }
  }

  /** @throws whatever the store throws */
  async #join(): Promise<void> {
    const sentAt = this.#clock.now();
    // Who sees its key looks for its connection: two looks that find none are a death.
    this.#stopAnswering();
    this.#stopAnswering = this.#liveness.answerFor(this.#name);
    const revision = await this.#store.write(sessionKey(this.#name), writeBeat(0, 0), 0);
    if (revision === undefined || this.#isClosed) return;
    this.#peers.forget(this.#name);
    this.#born = revision;
    this.#revision = revision;
    this.#ackedAt = sentAt;
    this.#isJoined = true;
    this.#tellState();
  }

  /** This node's own connection was lost, or is another one: the others may only seem to be gone. */
  #doubt(): void {
    this.#ackedAt = -Infinity;
    this.#tellState();
  }

  #beat(): void {
    this.#beating ??= this.#beatOnce()
      // Not known whether it was stored: the next one will say.
      .catch(() => undefined)
      .finally(() => {
        this.#beating = undefined;
      });
  }

  async #beatOnce(): Promise<void> {
    if (!this.#isJoined) return this.#joinAgain();
    this.#forgetDead();
    const name = this.#name;
    const key = sessionKey(name);
    const sentAt = this.#clock.now();
    this.#beats += 1;
    const revision = await this.#store.write(key, writeBeat(this.#born, this.#beats), this.#revision);
    if (revision !== undefined) return this.#acked(name, revision, sentAt);
    // A beat that timed out may have been stored after all; only `dead` means dead.
    const stored = await this.#store.read(key);
    if (stored && stored.value !== DEAD) this.#acked(name, stored.revision, sentAt);
    else this.#die(name);
  }

  #acked(name: string, revision: number, sentAt: number): void {
    if (name !== this.#name) return;
    this.#revision = Math.max(revision, this.#revision);
    const now = this.#clock.now();
    if (this.state === "doubtful") {
      this.#peers.restart(now);
      this.#probeFrom = now + this.#options.silenceMs;
    }
    this.#ackedAt = sentAt;
    this.#tellState();
  }

  /** This session was declared dead: it never comes back, and the node goes on under another name. */
  #die(name: string): void {
    if (name !== this.#name || this.#isClosed) return;
    this.#options.log("the other nodes took this one for dead: what it held is theirs, and it joins anew");
    this.#isJoined = false;
    this.#ackedAt = -Infinity;
    this.#stopAnswering();
    this.#peers.died(name, this.#clock.now());
    this.#rename();
    this.#tellState();
    this.#tell({ type: "session", session: this.#name });
    this.#tell({ type: "gone", session: name });
    this.#beat();
  }

  #seen(session: string, { value, revision }: StoredKey): void {
    // Keys are told in the order in which they were written: whoever was there before is known by now.
    if (session === this.#name) this.#hasSeenItself.resolve();
    if (value === DEAD) {
      if (session === this.#name) this.#die(session);
      else this.#buried(session);
    } else if (session !== this.#name || !this.#isJoined) {
      // Its own, too, before it knows that it has joined: it may never, and somebody has to bury it then.
      this.#peers.heard(session, { revision, born: readBorn(value, revision) }, this.#clock.now());
    }
  }

  /** Looks after the neighbours: whether they beat, and have a connection. */
  #look(): void {
    this.#tellState();
    if (this.state !== "live") return;
    for (const session of this.#peers.neighbours(this.#name, NEIGHBOURS)) {
      if (this.#peers.isSilent(session, this.#clock.now()))
        void this.#declareDead(session).catch(() => false);
      else void this.#probe(session);
    }
  }

  async #probe(session: string): Promise<void> {
    if (this.#probing.has(session) || this.#clock.now() < this.#probeFrom) return;
    this.#probing.add(session);
    let isThere = await this.#liveness.isThere(session);
    if (!isThere) {
      // Looks are seldom, as each wakes two nodes; a death is to be known soon all the same.
      this.#peers.missed(session);
      await this.#clock.wait(this.#options.probeMs / 2);
      isThere = await this.#liveness.isThere(session);
    }
    this.#probing.delete(session);
    if (isThere) this.#peers.answered(session);
    else if (this.#peers.missed(session) >= MISSES) await this.#declareDead(session).catch(() => false);
  }

  /** @returns whether it is dead: not where it has beaten meanwhile, nor while this node is in doubt itself */
  #declareDead(session: string): Promise<boolean> {
    const accusing = this.#accusing.get(session) ?? this.#accuse(session);
    this.#accusing.set(session, accusing);
    return accusing.finally(() => this.#accusing.delete(session));
  }

  async #accuse(session: string): Promise<boolean> {
    const revision = this.#peers.revisionOf(session);
    if (revision === undefined) return this.#peers.isDead(session);
    if (this.state !== "live") return false;
    // At the beat that was heard last: who has beaten since is alive.
    if ((await this.#store.write(sessionKey(session), DEAD, revision)) === undefined)
      return this.#readUp(session);
    this.#buried(session);
    return true;
  }

  /** Reads a session's key. @returns whether it is dead */
  async #readUp(session: string): Promise<boolean> {
    const stored = await this.#store.read(sessionKey(session));
    const isDead = !stored || stored.value === DEAD;
    if (isDead) this.#buried(session);
    else this.#seen(session, stored);
    return isDead;
  }

  #buried(session: string): void {
    if (this.#peers.died(session, this.#clock.now())) this.#tell({ type: "gone", session });
  }

  /** Of the dead nobody asks after a while; the oldest node clears their keys away. */
  #forgetDead(): void {
    const isOldest = this.all[0] === this.#name;
    for (const session of this.#peers.forgetDead(this.#clock.now()))
      if (isOldest) void this.#store.remove(sessionKey(session)).catch(() => undefined);
  }

  #tellState(): void {
    const { state } = this;
    if (state === this.#told) return;
    this.#told = state;
    this.#tell({ type: "state", state });
  }
}
