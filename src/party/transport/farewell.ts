import type { Socket } from "./socket.ts";

/** A socket whose client does not answer the closing handshake is cut off after this. */
const CLOSE_GRACE_MS = 5_000;

/** Closes one socket, and cuts it off if its client does not answer. */
export class Farewell {
  readonly #socket: Pick<Socket, "close" | "terminate">;
  #cutOff: ReturnType<typeof setTimeout> | undefined;
  #isSaid = false;
  #isGone = false;

  constructor(socket: Pick<Socket, "close" | "terminate">) {
    this.#socket = socket;
  }

  /** Whether it was told to end. */
  get isSaid(): boolean {
    return this.#isSaid;
  }

  /** Whether nothing can be sent any more. */
  get isOver(): boolean {
    return this.#isSaid || this.#isGone;
  }

  /** Tells it to end. Safe to call twice. */
  say(code: number, reason: string): void {
    if (this.#isSaid) return;
    this.#isSaid = true;
    // Before the socket closes: Bun tells that it has ended while it is being told to.
    this.await();
    this.#attempt(() => this.#socket.close(code, reason));
  }

  /** It is to be gone soon, by itself or not. */
  await(): void {
    if (!this.#isGone)
      this.#cutOff ??= setTimeout(() => this.#attempt(() => this.#socket.terminate()), CLOSE_GRACE_MS);
  }

  /** The socket is gone. */
  over(): void {
    this.#isGone = true;
    clearTimeout(this.#cutOff);
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch {
      // It is broken already.
    }
  }
}
