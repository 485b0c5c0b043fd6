import { type Deferred, deferred } from "../../core/async/deferred.ts";

/** Whether the client at the other end of a connection still answers. */
export class LifeSigns {
  readonly #ping: () => boolean;
  #hasSpoken = false;
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

  /** Its client said something. */
  spoke(): void {
    this.#hasSpoken = true;
    this.#askedAt = undefined;
    this.#answer?.resolve(true);
  }

  /** Nothing more is to be heard of it. */
  end(): void {
    this.#answer?.resolve(false);
  }
}
