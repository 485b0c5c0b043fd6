import { type Deferred, deferred } from "../../core/async/deferred.ts";
import { writeDm20 } from "../../core/protocol/dm20.ts";

/** Wants an answer; the same on both wires. */
export const PING: string = writeDm20({ type: "ping" });
/** ms that a client has for an answer before it counts as gone. */
export const ANSWER_WITHIN_MS = 8_000;

/** Whether the client at the other end of a connection still answers. */
export class LifeSigns {
  readonly #ping: () => boolean;
  #hasSpoken = false;
  #lastSeen: number = performance.now();
  #askedAt: number | undefined;
  #answer: Deferred<boolean> | undefined;

  /** @param ping asks for one; false where that cannot be sent */
  constructor(ping: () => boolean) {
    this.#ping = ping;
  }

  /** Whether it has ever said anything. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** When its last sign of life came, ms on the server's monotonic clock (`performance.now`). */
  get lastSeen(): number {
    return this.#lastSeen;
  }

  /** For how long it has not answered what it was asked, ms. */
  get unansweredMs(): number {
    return this.#askedAt === undefined ? 0 : performance.now() - this.#askedAt;
  }

  ask(): void {
    if (this.#ping()) this.#askedAt ??= performance.now();
  }

  /** Asks. Resolves true as soon as there is an answer, false after `withinMs`, or when the connection has ended. */
  async answers(withinMs: number): Promise<boolean> {
    this.ask();
    this.#answer ??= deferred<boolean>();
    const answer = this.#answer;
    const timer = setTimeout(() => answer.resolve(false), withinMs);
    const isThere = await answer.promise;
    clearTimeout(timer);
    if (this.#answer === answer) this.#answer = undefined;
    return isThere;
  }

  /** Its client said something. @param at when, on the same clock */
  spoke(at: number = performance.now()): void {
    this.#lastSeen = at;
    this.#hasSpoken = true;
    this.#askedAt = undefined;
    this.#answer?.resolve(true);
  }

  /** Nothing more is to be heard of it. */
  end(): void {
    this.#answer?.resolve(false);
  }
}
