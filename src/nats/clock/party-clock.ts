import { type ClockEcho, RemoteClock } from "../../core/clock/remote-clock.ts";

/**
 * ms by which the time that is shown approaches the measured one, in each ms. With the drift of two clocks added it stays
 * below what a page takes for two clocks that work (`RemoteClock`).
 */
const SLEW = 200e-6;

/**
 * The time of parties on this node: that of the reference, another node, or its own where it is the reference itself. It
 * never steps once it was set, and never runs by more than 0.02 % faster or slower than measured: where the reference ends,
 * the next one goes on from its own estimate, and all others from theirs.
 */
export class PartyClock {
  readonly #local: () => number;
  /** What is followed; undefined until another node's clock is known. */
  #followed: RemoteClock | undefined;
  /** A reference that is not known well enough yet. */
  #learning: { reference: string; clock: RemoteClock } | undefined;
  /** ms to add to the local clock for the time shown, as of `#at`. */
  #offset = 0;
  #at: number;
  #isSet = false;

  /** @param local ms, monotonic */
  constructor(local: () => number = () => performance.now()) {
    this.#local = local;
    this.#at = local();
  }

  /** Whether the time is known: a reference was measured, or this node is it. Before that it may step. */
  get isSet(): boolean {
    return this.#isSet;
  }

  /** Whether the clock of this reference is known well enough. */
  isFollowing(reference: string): boolean {
    return this.#learning?.reference === reference && this.#learning.clock === this.#followed;
  }

  /** ms of party time. */
  now(): number {
    const local = this.#local();
    const reach = SLEW * (local - this.#at);
    const missing = (this.#followed?.remoteAt(local) ?? local + this.#offset) - local - this.#offset;
    this.#offset += Math.max(-reach, Math.min(reach, missing));
    this.#at = local;
    return local + this.#offset;
  }

  /** ms by which the estimate of the reference is wrong at most, however unequal both ways are; 0 of the reference itself. */
  uncertaintyMs(): number {
    return this.#followed?.uncertaintyMs(this.#local()) ?? 0;
  }

  /** This node is the reference: its time goes on as it went, at the pace of the reference before. */
  lead(): void {
    this.#learning = undefined;
    this.#isSet = true;
  }

  /** Takes an echo of a reference, which came at `t3` on the local clock; `t1` and `t2` are party time. */
  learn(reference: string, echo: ClockEcho, t3: number): void {
    if (this.#learning?.reference !== reference) this.#learning = { reference, clock: new RemoteClock() };
    const { clock } = this.#learning;
    clock.learn(echo, t3);
    if (clock === this.#followed || !clock.isTrusted) return;
    this.now();
    this.#followed = clock;
    if (this.#isSet) return;
    // Nobody has read it yet.
    this.#offset = (clock.remoteAt(this.#at) ?? this.#at) - this.#at;
    this.#isSet = true;
  }
}
