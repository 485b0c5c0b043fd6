import { BardcastError } from "../../core/errors.ts";
import type { Party } from "../party.ts";

/** It is looked that often, and no more, whether somebody may sleep. */
const LOOK_MS = 30_000;

/** A party that is kept awake until it is released. */
export interface HeldParty {
  party: Party;
  release: () => void;
}

export interface AwakeLimits {
  /** ms for which nobody uses a party until it is put to sleep. */
  sleepAfterMs: number;
  /** Parties at once. */
  most: number;
  /** Whether a party outlasts its sleep. */
  maySleep: boolean;
}

interface AwakeParty {
  party: Promise<Party>;
  /** Undefined while it wakes. */
  ready?: Party;
  /** How many keep it awake. */
  uses: number;
  /** When it was last seen in use, on the monotonic clock in ms. */
  usedAt: number;
}

/** The parties that are awake. One that nobody uses any more is put to sleep; where all sleep, no timer runs. */
export class AwakeParties {
  readonly #limits: AwakeLimits;
  readonly #awake = new Map<string, AwakeParty>();
  /** Parties on their way to sleep, or to their end. */
  readonly #ending = new Map<string, Promise<void>>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #isClosing = false;
  #woken = 0;

  constructor(limits: AwakeLimits) {
    this.#limits = limits;
  }

  /** Those that can be used. */
  get all(): Party[] {
    return [...this.#awake.values()].flatMap(({ ready }) => (ready ? [ready] : []));
  }

  /** Times that one was woken. */
  get woken(): number {
    return this.#woken;
  }

  has(id: string): boolean {
    return this.#awake.has(id);
  }

  /** Resolves when one that is ending has ended, and its folder is free. */
  async ended(id: string): Promise<void> {
    for (let ending = this.#ending.get(id); ending; ending = this.#ending.get(id)) await ending;
  }

  /**
   * One that is awake, or wakes. Decided at once; resolves when it can be used.
   * @param open wakes it
   * @throws BardcastError `busy` where all that may be awake are in use, `closed`, and what `open` throws
   */
  async hold(id: string, open: () => Promise<Party>): Promise<HeldParty> {
    if (this.#isClosing) throw new BardcastError("closed", "the server is about to end");
    const entry = this.#awake.get(id) ?? this.#wake(id, open);
    entry.uses += 1;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      entry.uses -= 1;
      entry.usedAt = performance.now();
    };
    try {
      return { party: await entry.party, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /**
   * Ends one, whoever uses it.
   * @param graceMs as of `Party.close`
   * @param afterwards done before anybody wakes it again
   * @throws what `afterwards` throws
   */
  async end(id: string, graceMs = 0, afterwards: () => Promise<void> = async () => undefined): Promise<void> {
    await this.ended(id);
    const entry = this.#awake.get(id);
    this.#awake.delete(id);
    const closed = entry
      ? entry.party.then((party) => party.close({ graceMs })).catch(() => undefined)
      : undefined;
    const done = Promise.resolve(closed).then(afterwards);
    const settled = done
      .catch(() => undefined)
      .then(() => {
        this.#ending.delete(id);
      });
    this.#ending.set(id, settled);
    await done;
  }

  /** Ends them all. */
  async endAll(graceMs: number): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#timer);
    await Promise.all([...this.#awake.keys()].map((id) => this.end(id, graceMs)));
    await Promise.all(this.#ending.values());
  }

  #wake(id: string, open: () => Promise<Party>): AwakeParty {
    this.#makeRoom();
    const entry: AwakeParty = { party: open(), uses: 0, usedAt: performance.now() };
    this.#awake.set(id, entry);
    this.#woken += 1;
    this.#watch();
    entry.party.then(
      (party) => {
        entry.ready = party;
      },
      () => {
        if (this.#awake.get(id) === entry) this.#awake.delete(id);
      },
    );
    return entry;
  }

  /** @throws BardcastError `busy` */
  #makeRoom(): void {
    const { most } = this.#limits;
    if (this.#awake.size < most) return;
    const idle = [...this.#awake].filter(([, entry]) => this.#maySleep(entry));
    const [longest] = idle.sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (!longest) throw new BardcastError("busy", `${most} parties are in use already`, { retryable: true });
    void this.end(longest[0]);
  }

  #watch(): void {
    const { sleepAfterMs, maySleep } = this.#limits;
    if (this.#timer !== undefined || !maySleep) return;
    this.#timer = setInterval(() => this.#look(), Math.max(10, Math.min(LOOK_MS, sleepAfterMs / 2)));
  }

  #look(): void {
    const now = performance.now();
    for (const [id, entry] of [...this.#awake]) {
      if (!this.#maySleep(entry)) entry.usedAt = now;
      else if (now - entry.usedAt >= this.#limits.sleepAfterMs) void this.end(id);
    }
    if (this.#awake.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Whether nothing is lost by it: nobody listens or asks, nothing is said, and all of it is kept. */
  #maySleep({ ready, uses }: AwakeParty): boolean {
    if (!ready || uses > 0 || !this.#limits.maySleep || !ready.store.status?.writable) return false;
    return ready.open === 0 && ready.connections.connectionCount() === 0 && ready.lobby.count() === 0;
  }
}
