import { deferred } from "../core/deferred.ts";
import type { Encoding } from "../engines/sentence-job.ts";
import { CLOSE, type Socket } from "./socket.ts";

export type Role = "player" | "dm";

export interface ConnectionLimits {
  /** Bytes that may wait in the connection's outgoing queue; one byte more closes it. */
  queueBytes: number;
  /** ms without any draining, while audio waits, after which the connection is closed. */
  stallMs: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = { queueBytes: 1024 * 1024, stallMs: 10_000 };

/** How often to look, where the runtime does not say that a socket has drained. */
const POLL_MS = 20;
/** A closed listener that does not answer the closing handshake is cut off after this. */
const CLOSE_GRACE_MS = 5_000;

/**
 * One socket of one player: its outgoing queue, its pace, its life. The queue is the runtime's own buffer;
 * a message counts as many bytes as it has characters, which is exact for the ASCII of audio.
 */
export class Connection {
  readonly id: string;
  readonly player: string;
  readonly role: Role;
  /** What this connection's wire needs of the audio. */
  readonly encoding: Encoding = "dm20";
  /** Server time of the last sign of life, ms since the epoch. */
  lastSeen: number = Date.now();
  readonly #socket: Socket;
  readonly #limits: ConnectionLimits;
  #open = true;
  #cutOff: ReturnType<typeof setTimeout> | undefined;

  readonly #onEnd: () => void;

  /** @param onEnd called once, as soon as the connection has ended, whoever ended it */
  constructor(
    socket: Socket,
    who: { id: string; player: string; role: Role },
    limits: ConnectionLimits,
    onEnd: () => void,
  ) {
    this.#socket = socket;
    this.#onEnd = onEnd;
    this.id = who.id;
    this.player = who.player;
    this.role = who.role;
    this.#limits = limits;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /**
   * Sends a small message at once. False, and the connection closed with 1013, where its queue would
   * overflow; false where it was closed before.
   */
  post(message: string): boolean {
    if (!this.#open) return false;
    if (this.#socket.bufferedAmount() + message.length > this.#limits.queueBytes) {
      this.close(CLOSE.tooSlow, "too slow: the outgoing queue is full");
      return false;
    }
    this.#socket.send([message]);
    return true;
  }

  /**
   * Hands audio over as the listener drains; nobody but the caller waits. Resolves true once all of it was
   * handed over, false where the connection ended or was closed because it stopped draining.
   */
  async stream(messages: readonly string[]): Promise<boolean> {
    // A quarter waiting and a quarter on top leave text and pings their room.
    const batchBytes = this.#limits.queueBytes / 4;
    for (let at = 0; at < messages.length; ) {
      if (!(await this.#room(batchBytes))) return false;
      const end = batchEnd(messages, at, batchBytes);
      this.#socket.send(messages.slice(at, end));
      at = end;
    }
    return this.#open;
  }

  /** Ends the connection and tells the listener why. Safe to call twice. */
  close(code: number, reason: string): void {
    if (!this.#open) return;
    // Before the socket closes: Bun tells that it has ended while it is being told to.
    this.#cutOff = setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS);
    this.#socket.close(code, reason);
    this.#end();
  }

  /** The adapter says that the socket is gone. */
  ended(): void {
    clearTimeout(this.#cutOff);
    this.#end();
  }

  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.onDrain?.();
    this.#onEnd();
  }

  /** Waits until less than `bytes` wait in the queue; false where the connection ended meanwhile. */
  async #room(bytes: number): Promise<boolean> {
    let least = Number.POSITIVE_INFINITY;
    let progressAt = 0;
    while (this.#open) {
      const waiting = this.#socket.bufferedAmount();
      if (waiting < bytes) return true;
      if (waiting < least) {
        least = waiting;
        progressAt = performance.now();
      } else if (performance.now() - progressAt > this.#limits.stallMs) {
        this.close(CLOSE.tooSlow, "too slow: the listener stopped reading");
      }
      await this.#drainOrPoll();
    }
    return false;
  }

  async #drainOrPoll(): Promise<void> {
    const { promise, resolve } = deferred();
    const timer = setTimeout(resolve, POLL_MS);
    this.#socket.onDrain = resolve;
    await promise;
    clearTimeout(timer);
    this.#socket.onDrain = undefined;
  }
}

/** Index after the last message of a batch of about `bytes`, at least one message. */
function batchEnd(messages: readonly string[], start: number, bytes: number): number {
  let total = 0;
  let at = start;
  do total += messages[at++]?.length ?? 0;
  while (at < messages.length && total + (messages[at]?.length ?? 0) <= bytes);
  return at;
}
