import { LeaseKeeper } from "../../../src/nats/lease/lease-keeper.ts";
import { DEAD } from "../../../src/nats/lease/lease-records.ts";
import type { LeaseClock, LeaseStore, Liveness, StoredKey } from "../../../src/nats/lease/lease-store.ts";
import type { Random } from "../../support/random.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

/** ms that one way between a node and the server takes, at most. */
const WAY_MS = 8;
/** ms that the server may take to read a connection after it stood still. */
const READ_MS = 400;
/** ms after which a node waits no longer for the server. */
const PATIENCE_MS = 1_000;
/** ms of virtual time in one step; what is awaited goes on between two of them. */
const STEP_MS = 10;

export const BEAT_MS = 500;
export const SILENCE_MS = 2_000;
export const PROBE_MS = 100;

interface Watcher {
  node: SimulatedNode;
  prefix: string;
  listener: (key: string, stored: StoredKey) => void;
  /** Revision up to which it was told. */
  told: number;
}

/** The server that all nodes share: it does what is asked in order, or nothing while it is paused. */
export class SimulatedServer {
  readonly time: VirtualTime = new VirtualTime();
  readonly random: Random;
  readonly keys: Map<string, StoredKey> = new Map();
  readonly watchers: Set<Watcher> = new Set();
  /** Whatever went wrong for good: a dead session's key that was written again. */
  readonly sins: string[] = [];
  #revision = 0;
  /** What each node has asked while the server stood still. */
  #backlog: Map<SimulatedNode, (() => void)[]> | undefined;

  constructor(random: Random) {
    this.random = random;
  }

  way(): number {
    return this.random() * WAY_MS;
  }

  /** Does what a node asks, or once the server goes on. */
  do(node: SimulatedNode, work: () => void): void {
    const waiting = this.#backlog?.get(node) ?? [];
    this.#backlog?.set(node, waiting);
    if (this.#backlog) waiting.push(work);
    else work();
  }

  pause(): void {
    this.#backlog ??= new Map();
  }

  /** It reads one connection after the other: what a node asked long ago may come after what another one asks now. */
  goOn(): void {
    const backlog = this.#backlog ?? new Map<SimulatedNode, (() => void)[]>();
    this.#backlog = undefined;
    for (const waiting of backlog.values())
      this.time.in(this.random() * READ_MS, () => {
        for (const work of waiting) work();
      });
  }

  write(key: string, value: string, revision: number): number | undefined {
    const stored = this.keys.get(key);
    if ((stored?.revision ?? 0) !== revision) return undefined;
    if (stored?.value === DEAD) this.sins.push(`${key} came back`);
    this.#revision += 1;
    this.keys.set(key, { value, revision: this.#revision });
    for (const watcher of this.watchers) this.tell(watcher);
    return this.#revision;
  }

  /** What a watcher missed, of each key the last value. */
  tell(watcher: Watcher): void {
    if (!watcher.node.isConnected) return;
    const news = [...this.keys]
      .filter(([key, { revision }]) => key.startsWith(watcher.prefix) && revision > watcher.told)
      .sort(([, a], [, b]) => a.revision - b.revision);
    watcher.told = this.#revision;
    for (const [key, stored] of news) watcher.node.hear(() => watcher.listener(key, stored));
  }

  /** Lets virtual time pass, and whatever waits for promises go on. */
  async run(ms: number): Promise<void> {
    for (const until = this.time.now + ms; this.time.now < until; ) {
      this.time.runUntil(Math.min(until, this.time.now + STEP_MS));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** A node with a clock of its own, which can be frozen, killed and cut off. */
export class SimulatedNode {
  readonly name: string;
  isConnected = true;
  isKilled = false;
  keeper: LeaseKeeper | undefined;
  readonly #server: SimulatedServer;
  readonly #clock: VirtualClock;
  readonly #sessions = new Set<string>();
  readonly #breaks = new Set<() => void>();
  /** Requests that end when the connection does. */
  readonly #open = new Set<(error: Error) => void>();
  #backlog: (() => void)[] | undefined;

  constructor(server: SimulatedServer, name: string) {
    this.#server = server;
    this.name = name;
    this.#clock = new VirtualClock(server.time, {
      offset: server.random() * 1e6,
      ppm: (server.random() - 0.5) * 200,
    });
  }

  async open(): Promise<void> {
    const options = { node: this.name, beatMs: BEAT_MS, silenceMs: SILENCE_MS, probeMs: PROBE_MS };
    const life = (): string => Math.floor(this.#server.random() * 1e9).toString(16);
    const parts = { store: this.#store(), liveness: this.#liveness(), clock: this.#ownClock(), life };
    this.keeper = await LeaseKeeper.open(parts, { ...options, log: () => undefined });
  }

  get isFrozen(): boolean {
    return this.#backlog !== undefined;
  }

  freeze(): void {
    if (!this.isKilled) this.#backlog ??= [];
  }

  thaw(): void {
    const backlog = this.#backlog ?? [];
    this.#backlog = undefined;
    for (const work of backlog) work();
  }

  kill(): void {
    this.isKilled = true;
    this.isConnected = false;
    this.#backlog = undefined;
  }

  cutOff(): void {
    if (!this.isConnected) return;
    this.isConnected = false;
    for (const fail of [...this.#open]) this.hear(() => fail(new Error("not connected")));
    for (const tell of this.#breaks) this.hear(tell);
  }

  reconnect(): void {
    if (this.isConnected || this.isKilled) return;
    this.isConnected = true;
    for (const tell of this.#breaks) this.hear(tell);
    for (const watcher of this.#server.watchers) if (watcher.node === this) this.#server.tell(watcher);
  }

  answers(session: string): boolean {
    return this.#sessions.has(session);
  }

  /** Something comes in: now, when it wakes, or never. */
  hear(work: () => void): void {
    if (this.isKilled) return;
    if (this.#backlog) this.#backlog.push(work);
    else work();
  }

  /** Asks the server, which may not answer in time; what it did is then not known. */
  #ask<T>(work: () => T, onTime: { answers?: () => boolean } = {}): Promise<T> {
    const server = this.#server;
    return new Promise<T>((resolve, reject) => {
      this.#open.add(reject);
      const settle = (end: () => void): void =>
        this.hear(() => {
          this.#open.delete(reject);
          end();
        });
      server.time.in(PATIENCE_MS, () => settle(() => reject(new Error("timeout"))));
      if (!this.isConnected) return settle(() => reject(new Error("not connected")));
      server.time.in(server.way(), () =>
        server.do(this, () => {
          if (!this.isConnected && server.random() < 0.5) return;
          const result = work();
          server.time.in(server.way(), () => {
            if (this.isConnected && (onTime.answers?.() ?? true)) settle(() => resolve(result));
          });
        }),
      );
    });
  }

  #store(): LeaseStore {
    const server = this.#server;
    return {
      read: (key) => this.#ask(() => server.keys.get(key)),
      write: (key, value, revision) => this.#ask(() => server.write(key, value, revision)),
      remove: (key) => this.#ask(() => void server.keys.delete(key)),
      watch: (prefix, listener) => {
        const watcher = { node: this, prefix, listener, told: 0 };
        server.watchers.add(watcher);
        server.tell(watcher);
        return () => server.watchers.delete(watcher);
      },
    };
  }

  #liveness(): Liveness {
    return {
      onBreak: (listener) => {
        this.#breaks.add(listener);
        return () => this.#breaks.delete(listener);
      },
      answerFor: (session) => {
        this.#sessions.add(session);
        return () => this.#sessions.delete(session);
      },
      isThere: async (session) => {
        const nodes = (): SimulatedNode[] => [...this.#server.watchers].map(({ node }) => node);
        const who = (): SimulatedNode | undefined =>
          nodes().find((node) => node.isConnected && node.answers(session));
        const answers = (): boolean => who()?.isFrozen !== true;
        return this.#ask(() => who() !== undefined, { answers }).catch(() => true);
      },
    };
  }

  #ownClock(): LeaseClock {
    const { time } = this.#server;
    return {
      now: () => this.#clock.now,
      wait: (ms) => new Promise((resolve) => time.in(ms, () => this.hear(resolve))),
      every: (ms, work) => {
        let isOver = false;
        let isDue = false;
        // A timer of a frozen process is due once when it wakes, however often it was missed.
        const run = (): void => {
          isDue = false;
          if (!isOver) work();
        };
        time.every(ms, () => {
          if (isOver || isDue) return;
          isDue = true;
          this.hear(run);
        });
        return () => {
          isOver = true;
        };
      },
    };
  }
}
