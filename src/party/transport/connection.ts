import { deferred } from "../../core/async/deferred.ts";
import { ClientBufferEstimate } from "./client-buffer-estimate.ts";
import type { ClientState } from "./client-state.ts";
import { Farewell } from "./farewell.ts";
import { LifeSigns, PING } from "./life-signs.ts";
import { batchEnd, Outbox } from "./outbox.ts";
import type { Role } from "./role.ts";
import { CLOSE, type Socket, type SocketMessage } from "./socket.ts";

export interface ConnectionLimits {
  /** Bytes that may wait in the connection's outgoing queue; one byte more closes it. */
  queueBytes: number;
  /** ms without any draining, while audio waits, after which the connection is closed. */
  stallMs: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = { queueBytes: 1024 * 1024, stallMs: 10_000 };

/** Close codes of a client that does not come back: it said goodbye, or its page was closed. */
const LEFT: ReadonlySet<number> = new Set([1000, 1001]);
/** How often to look, where the runtime does not say that a socket has drained. */
const POLL_MS = 20;
/** Fewer bytes than this are just on their way. */
const BACKLOG_BYTES = 16 * 1024;
/** Bytes of utterances' messages that wait until the queue has room for them; beyond it the connection is closed. */
const LATE_BYTES = 4 * 1024 * 1024;

/**
 * One socket of one player: its outgoing queue, its pace, its life. The queue is the runtime's own buffer,
 * and before it an outbox for what is sent in one turn; a text counts as many bytes as it has characters,
 * which is exact for the ASCII of audio.
 */
export class SocketConnection {
  readonly id: string;
  readonly player: string;
  readonly role: Role;
  /** State of a client on the v2 wire; undefined on dm20. */
  readonly v2: ClientState | undefined;
  readonly life: LifeSigns = new LifeSigns(() => this.post(PING));
  /** How much of what it was handed is still to be heard. */
  readonly playout: ClientBufferEstimate;
  /** Whether messages go through somebody else's connections, so that nobody knows whether anybody is there. */
  readonly isIndirect: boolean = false;
  readonly #socket: Socket;
  readonly #limits: ConnectionLimits;
  readonly #batchBytes: number;
  #open = true;
  #mayReturn = true;
  #backlogSince: number | undefined;
  readonly #farewell: Farewell;
  #wasTooSlow = false;
  #closeCode: number | undefined;
  /** Messages that found no room in the queue, in order. */
  readonly #late: string[] = [];
  #lateBytes = 0;
  #caughtUp: Promise<void> | undefined;
  #drained: Promise<void> | undefined;
  readonly #outbox: Outbox;
  readonly #onEnd: () => void;

  /**
   * @param on.outbox called when something was put into the outbox: `flush` is to be called in the next turn,
   * or soon
   * @param on.end called once, as soon as the connection has ended, whoever ended it
   */
  constructor(
    socket: Socket,
    who: Pick<Connection, "id" | "player" | "role" | "v2">,
    limits: ConnectionLimits,
    on: { outbox: (connection: SocketConnection, canWait: boolean) => void; end: () => void },
  ) {
    this.#socket = socket;
    this.#farewell = new Farewell(socket);
    this.#outbox = new Outbox(
      (messages) => this.#send(messages),
      (canWait) => on.outbox(this, canWait),
    );
    this.#onEnd = on.end;
    this.id = who.id;
    this.player = who.player;
    this.role = who.role;
    this.v2 = who.v2;
    this.playout = who.v2?.playout ?? new ClientBufferEstimate();
    this.#limits = limits;
    // A quarter waiting and a quarter on top leave text and pings their room.
    this.#batchBytes = limits.queueBytes / 4;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** When its last sign of life came, ms on the server's monotonic clock (`performance.now`). */
  get lastSeen(): number {
    return this.life.lastSeen;
  }

  /** Whether its client was told to leave: nothing that it says counts any more. */
  get isDismissed(): boolean {
    return this.#farewell.isSaid;
  }

  /** Whether its client, once it is gone, is likely to be back: it lost the connection rather than left. */
  get mayReturn(): boolean {
    return this.#mayReturn;
  }

  /** The code with which its client closed it, where that is known. */
  get closeCode(): number | undefined {
    return this.#closeCode;
  }

  /** Whether it was closed because it did not take what it was sent. */
  get wasTooSlow(): boolean {
    return this.#wasTooSlow;
  }

  /** Whether what is posted has to wait for what was posted before. */
  get isBehind(): boolean {
    return this.#late.length > 0;
  }

  /** Bytes that the network has not taken yet. */
  get bufferedBytes(): number {
    return this.#open ? this.#socket.bufferedAmount() + this.#outbox.bytes + this.#lateBytes : 0;
  }

  /** How long bytes have been waiting for the listener without a break, ms. */
  get backlogMs(): number {
    this.#noteBacklog();
    return this.#backlogSince === undefined ? 0 : performance.now() - this.#backlogSince;
  }

  /**
   * Sends a small message at once. False, and the connection closed with 1013, where its queue would
   * overflow; false where it was closed before, and for a message that is larger than the queue.
   * @param options.canWait it may leave with what is sent next
   * @param options.canBeLate it waits where the queue is full, and all that is posted after it behind it
   */
  post(message: string, options: { canWait?: boolean; canBeLate?: boolean } = {}): boolean {
    if (!this.#open || message.length > this.#limits.queueBytes) return false;
    const isBehind = this.#late.length > 0;
    if (!isBehind && this.#fits(message.length, this.#limits.queueBytes)) {
      this.#outbox.put([message], options.canWait);
      return this.#open;
    }
    if ((!isBehind && !options.canBeLate) || this.#lateBytes + message.length > LATE_BYTES) {
      this.close(CLOSE.tooSlow, "too slow: the outgoing queue is full");
      return false;
    }
    this.#late.push(message);
    this.#lateBytes += message.length;
    this.#caughtUp ??= this.#catchUp();
    return true;
  }

  /**
   * Hands audio over to the network now; false, and nothing of it taken, where the listener has to drain first.
   * @param options.canWait it may leave with what is sent next
   */
  offer(messages: readonly SocketMessage[], bytes: number, options: { canWait?: boolean } = {}): boolean {
    if (!this.#open || bytes > this.#batchBytes || this.#late.length > 0) return false;
    if (this.#socket.bufferedAmount() > 0) return false;
    if (this.#outbox.isEmpty && !options.canWait) this.#send(messages);
    else this.#outbox.put(messages, true);
    if (!options.canWait) this.#outbox.flush();
    return this.#open;
  }

  /**
   * Hands audio over as the listener drains; nobody but the caller waits. Resolves true once all of it was
   * handed over, false where the connection ended or was closed because it stopped draining.
   * @param isWanted asked after every wait; once it says no, the rest is not sent, and false is the answer
   */
  async stream(messages: readonly SocketMessage[], isWanted: () => boolean = () => true): Promise<boolean> {
    for (let at = 0; at < messages.length; ) {
      while (this.#caughtUp) await this.#caughtUp;
      if (!(await this.#room(this.#batchBytes)) || !isWanted()) return false;
      const end = batchEnd(messages, at, this.#batchBytes);
      this.#outbox.put(messages.slice(at, end));
      at = end;
    }
    return this.#open;
  }

  /** Hands what was put into the outbox to the runtime, in one go. */
  flush(): void {
    this.#outbox.flush();
  }

  /** Ends the connection and tells the listener why. Safe to call twice. */
  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.#wasTooSlow = this.#mayReturn = code === CLOSE.tooSlow;
    this.flush();
    this.#farewell.say(code, reason);
    this.#end();
  }

  /** The adapter says that the socket is gone. @param code with which its client closed it */
  ended(code?: number): void {
    if (code !== undefined && LEFT.has(code)) this.#mayReturn = false;
    // What comes after the server's own goodbye only answers it; a socket may throw before it is told that its page closed it.
    if (this.#open || !this.#farewell.isSaid) this.#closeCode = code;
    this.#farewell.over();
    this.#end();
  }

  /** A socket that throws is broken: it ends, and nobody else notices. */
  #send(messages: readonly SocketMessage[]): void {
    try {
      this.#socket.send(messages);
    } catch {
      this.#farewell.await();
      this.#end();
    }
  }

  #end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#outbox.clear();
    this.#late.length = 0;
    this.life.end();
    this.#socket.onDrain?.();
    this.#onEnd();
  }

  /** Sends what found no room, as the listener drains. */
  async #catchUp(): Promise<void> {
    while (this.#late.length > 0 && (await this.#room(this.#batchBytes))) {
      for (const message of this.#late.splice(0, 1)) {
        this.#lateBytes -= message.length;
        this.#outbox.put([message]);
      }
    }
    this.#caughtUp = undefined;
  }

  /** Waits until less than `bytes` wait in the queue; false where the connection ended meanwhile. */
  async #room(bytes: number): Promise<boolean> {
    let least = Number.POSITIVE_INFINITY;
    let progressAt = 0;
    while (this.#open) {
      if (this.#fits(1, bytes)) return true;
      const waiting = this.#noteBacklog();
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

  /** Whether so many bytes more keep the queue within `limit`; only what the network has not taken counts. */
  #fits(bytes: number, limit: number): boolean {
    if (this.#socket.bufferedAmount() + this.#outbox.bytes + bytes <= limit) return true;
    this.flush();
    return this.#socket.bufferedAmount() + bytes <= limit;
  }

  /** Bytes that wait. */
  #noteBacklog(): number {
    const waiting = this.#socket.bufferedAmount();
    if (waiting < BACKLOG_BYTES) this.#backlogSince = undefined;
    else this.#backlogSince ??= performance.now();
    return waiting;
  }

  /** One wait, shared by all who wait. */
  #drainOrPoll(): Promise<void> {
    this.#drained ??= this.#nextDrain();
    return this.#drained;
  }

  async #nextDrain(): Promise<void> {
    const { promise, resolve } = deferred();
    const timer = setTimeout(resolve, POLL_MS);
    this.#socket.onDrain = resolve;
    await promise;
    clearTimeout(timer);
    this.#socket.onDrain = undefined;
    this.#drained = undefined;
  }
}

/** One listener's connection: any object of this shape, of which `SocketConnection` is ours. */
export type Connection = Pick<SocketConnection, keyof SocketConnection>;

/** A connection on the v2 wire. */
export type V2Connection = Connection & { readonly v2: ClientState };

export function isV2(connection: Connection): connection is V2Connection {
  return connection.v2 !== undefined;
}
