import { BardcastError } from "../errors.ts";
import { onAbort } from "./on-abort.ts";

interface Borrower<T> {
  resolve: (thing: T) => void;
  reject: (error: unknown) => void;
}

/** Borrowers that may wait where nobody says how many. */
const MAX_WAITING = 256;
/** No more than this do the same at once, whatever they are allowed. */
const MAX_TURNS = 1024;

/** Lends things to one borrower at a time each; who comes first is served first. */
export class Lender<T> {
  /**
   * Turns at what only so many may do at once.
   * @param count at least 1
   * @param maxWaiting borrowers that may wait
   */
  static turns(count: number, maxWaiting?: number): Lender<number> {
    if (!(count >= 1)) throw new RangeError("at least one must get through");
    const turns = new Lender<number>(maxWaiting);
    for (let turn = 1; turn <= Math.min(count, MAX_TURNS); turn++) turns.add(turn);
    return turns;
  }

  readonly #maxWaiting: number;
  readonly #things: T[] = [];
  readonly #waiting: Borrower<T>[] = [];
  /** The thing that is lent only until somebody else wants it. */
  #spare: { thing: T; abort: AbortController } | undefined;
  #closed: BardcastError | undefined;

  /** @param maxWaiting borrowers that may wait */
  constructor(maxWaiting: number = MAX_WAITING) {
    this.#maxWaiting = maxWaiting;
  }

  /** Borrowers that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Things that nobody has. */
  get idle(): number {
    return this.#things.length;
  }

  /** Puts in something new, or back what was borrowed. */
  add(thing: T): void {
    this.#forgetSpare(thing);
    const next = this.#waiting.shift();
    if (next) next.resolve(thing);
    else this.#things.push(thing);
  }

  /** It is not lent again. */
  remove(thing: T): void {
    this.#forgetSpare(thing);
    const at = this.#things.indexOf(thing);
    if (at >= 0) this.#things.splice(at, 1);
  }

  /**
   * Borrows something, as soon as there is any.
   * @param options.first goes before everybody who waits, however many
   * @throws BardcastError `busy` where too many wait already, `cancelled`, or what `fail` or `close` was told
   */
  async borrow(options: { signal?: AbortSignal | undefined; first?: boolean } = {}): Promise<T> {
    const { signal, first = false } = options;
    if (signal?.aborted) throw new BardcastError("cancelled", "cancelled");
    if (this.#closed) throw this.#closed;
    const thing = this.#things.shift();
    if (thing !== undefined) return thing;
    if (!first && this.#waiting.length >= this.#maxWaiting) {
      const message = `${this.#waiting.length} sentences are waiting to be spoken already`;
      throw new BardcastError("busy", message, { retryable: true });
    }
    return this.#wait(signal, first);
  }

  /**
   * Borrows what nobody needs just now; `wanted` aborts as soon as somebody does, and then it is to be given back.
   * @throws BardcastError `busy` where there is none, or what `close` was told
   */
  borrowSpare(): { thing: T; wanted: AbortSignal } {
    if (this.#closed) throw this.#closed;
    const thing = this.#spare ? undefined : this.#things.shift();
    if (thing === undefined) throw new BardcastError("busy", "nothing is to spare", { retryable: true });
    const abort = new AbortController();
    this.#spare = { thing, abort };
    return { thing, wanted: abort.signal };
  }

  /** Whoever waits is told why in vain. */
  fail(error: BardcastError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Nothing is lent any more. */
  close(error: BardcastError): void {
    this.#closed = error;
    this.#things.length = 0;
    this.fail(error);
  }

  async #wait(signal: AbortSignal | undefined, first: boolean): Promise<T> {
    let stopListening = (): void => undefined;
    this.#spare?.abort.abort(new BardcastError("busy", "somebody needs it", { retryable: true }));
    try {
      return await new Promise<T>((resolve, reject) => {
        const borrower = { resolve, reject };
        if (first) this.#waiting.unshift(borrower);
        else this.#waiting.push(borrower);
        stopListening = onAbort(signal, () => {
          const at = this.#waiting.indexOf(borrower);
          // It has been served in this very turn.
          if (at < 0) return;
          this.#waiting.splice(at, 1);
          reject(new BardcastError("cancelled", "cancelled"));
        });
      });
    } finally {
      stopListening();
    }
  }

  #forgetSpare(thing: T): void {
    if (this.#spare?.thing === thing) this.#spare = undefined;
  }
}
