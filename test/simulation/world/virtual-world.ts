import { drainMicrotasks } from "bun:jsc";
import { type Random, seeded } from "../../support/random.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

/** A timer of the virtual world, as Node.js and Bun give them. */
export class VirtualTimer {
  isPending = true;

  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/**
 * One machine's process: it may die, and then nothing of it ever happens; it may sleep, and then it happens later. Its
 * monotonic clock goes on while it sleeps, its wall clock may jump both ways.
 */
export class Realm {
  readonly name: string;
  isAlive = true;
  sleepsUntil = 0;
  /** What is to happen when it wakes. */
  readonly postponed: (() => void)[] = [];
  /** ms by which its wall clock is off. */
  wallOffsetMs = 0;
  readonly timers: Set<VirtualTimer> = new Set();

  constructor(name: string) {
    this.name = name;
  }
}

/** Tasks that may run before somebody has to be told that it does not end. */
const MAX_TASKS = 400_000;

/** Virtual time for several processes, which take turns: each task, and all the promises it settles, before the next. */
export class VirtualWorld {
  readonly time: VirtualTime = new VirtualTime();
  /** What the product draws. */
  readonly random: Random;
  /** What networks and engines draw. */
  readonly luck: Random;
  /** Called when everything of a task is done. */
  onQuiet: () => void = () => undefined;
  /** Done once, in the turn in which a worker's next answer comes. */
  readonly onAnswer: (() => void)[] = [];
  /** The first thing that a task threw. */
  failure: { error: unknown } | undefined;
  realm: Realm;
  /** As `node:fs/promises`, for a process; undefined where nothing is kept. */
  files: ((realm: Realm) => object) | undefined;
  readonly #immediates: { realm: Realm; run: () => void }[] = [];
  #history = 0n;
  /** How many were done. */
  tasks = 0;

  constructor(seed: number) {
    this.random = seeded(seed ^ 0x5bd1e995);
    this.luck = seeded(seed);
    this.realm = new Realm("director");
  }

  /** Of everything that was noted: the same evening has the same. */
  get history(): string {
    return this.#history.toString(16);
  }

  note(what: string | Uint8Array): void {
    this.#history = Bun.hash.wyhash(what, this.#history) as bigint;
  }

  /** Does it in so many ms, as the realm. Nothing of it happens where that is dead by then. */
  in(ms: number, realm: Realm, run: () => void): void {
    this.time.in(ms, () => this.#run(realm, run));
  }

  /** At a time, or as soon as it can. */
  at(time: number, realm: Realm, run: () => void): void {
    this.time.at(time, () => this.#run(realm, run));
  }

  /** At once, within what goes on. */
  as<T>(realm: Realm, run: () => T): T {
    const before = this.realm;
    this.realm = realm;
    try {
      return run();
    } finally {
      this.realm = before;
    }
  }

  setTimer(run: () => void, ms: number, everyMs?: number): VirtualTimer {
    const { realm } = this;
    const timer = new VirtualTimer();
    realm.timers.add(timer);
    const due = (): void => {
      if (!timer.isPending) return;
      if (everyMs === undefined) this.clearTimer(timer, realm);
      else this.in(everyMs, realm, due);
      run();
    };
    this.in(ms, realm, due);
    return timer;
  }

  clearTimer(timer: unknown, realm: Realm = this.realm): void {
    if (!(timer instanceof VirtualTimer)) return;
    timer.isPending = false;
    realm.timers.delete(timer);
  }

  setImmediate(run: () => void): void {
    this.#immediates.push({ realm: this.realm, run });
  }

  /** Lets time pass. */
  runFor(ms: number): void {
    this.time.runUntil(this.time.now + ms);
  }

  /** Runs something as the realm, and everything that follows from it at once. */
  do(realm: Realm, run: () => void): void {
    this.#run(realm, run);
  }

  #run(realm: Realm, run: () => void): void {
    // Once something is wrong, nothing more has to happen.
    if (!realm.isAlive || this.failure) return;
    if (realm.sleepsUntil > this.time.now || realm.postponed.length > 0) {
      if (realm.postponed.push(run) === 1) this.#wake(realm);
      return;
    }
    if (++this.tasks > MAX_TASKS) throw new Error(`more than ${MAX_TASKS} tasks: something never rests`);
    this.realm = realm;
    this.#try(run);
    for (let next = this.#immediates.shift(); next; next = this.#immediates.shift()) {
      this.realm = next.realm;
      if (next.realm.isAlive) this.#try(next.run);
    }
    this.onQuiet();
  }

  /** What was to happen meanwhile happens, in order, when it wakes. */
  #wake(realm: Realm): void {
    this.time.at(realm.sleepsUntil, () => {
      if (realm.sleepsUntil > this.time.now) this.#wake(realm);
      else for (const run of realm.postponed.splice(0)) this.#run(realm, run);
    });
  }

  #try(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.failure ??= { error };
    }
    drainMicrotasks();
  }
}
