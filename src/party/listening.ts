import { type Deferred, deferred } from "../core/deferred.ts";
import type { ListenerState } from "../core/v2.ts";
import type { Connection } from "./connection.ts";
import type { Part } from "./lane.ts";
import type { SocketMessage } from "./socket.ts";

/** Where in a line somebody goes on who came back. */
export interface Place {
  /** The last frame they have; without one they go on with the next sentence. */
  sequence: number | undefined;
  /** They are told of the line's beginning anew, and so in what its sound comes. */
  isTold: boolean;
}

/** When a line's turn comes on a connection. */
export interface Rank {
  /** Higher first. */
  priority: number;
  /** Order of arrival, for equal priorities. */
  order: number;
  /** Does not wait for lines of lower priority. */
  interrupts: boolean;
}

/** How somebody hears, or heard, a line. */
export interface Heard {
  /** ms of audio heard; on a wire that does not report, ms handed over. */
  readonly heardMs: number;
  readonly state: ListenerState;
  /** Times the sound ran dry. */
  readonly underruns: number;
  /** ms by which it was heard late, while step was kept. */
  readonly skewMs?: number | undefined;
}

/** One connection listening to one line: its place in the line, and what it got. Each wire has its own kind. */
export abstract class Listening implements Part {
  readonly priority: number;
  readonly order: number;
  readonly interrupts: boolean;
  /** Resolves when there is nothing left to hand over. */
  readonly handedOver: Promise<void>;
  /** ms of audio handed over. */
  handedMs = 0;
  /** What could be had was not. */
  protected lost = false;
  readonly #handedOver: Deferred<void> = deferred();
  #paused: Deferred<void> | undefined;
  #sending: Promise<boolean> | undefined;

  constructor(rank: Rank) {
    this.priority = rank.priority;
    this.order = rank.order;
    this.interrupts = rank.interrupts;
    this.handedOver = this.#handedOver.promise;
  }

  /** The connection that listens now. */
  abstract readonly connection: Connection;
  /** Resolves when it is known how much was heard. */
  abstract readonly over: Promise<void>;
  /** How it is heard, as far as is known. */
  abstract readonly hearing: Heard;
  /** Got every text and all the audio there was. */
  abstract readonly complete: boolean;

  abstract perform(): Promise<void>;
  abstract abandon(): void;
  /** The line goes on without this listener. */
  abstract drop(reason: string): void;
  /** The line was cancelled. */
  abstract cancelled(): void;

  /** The party is over: nobody will say any more how much was heard. */
  close(): void {
    this.cancelled();
  }

  /** Stops between two messages; resolves once it does. */
  async pause(): Promise<void> {
    this.#paused ??= deferred();
    await this.#sending;
  }

  resume(): void {
    this.#paused?.resolve();
    this.#paused = undefined;
  }

  protected get isPaused(): boolean {
    return this.#paused !== undefined;
  }

  /** Resolves when it may go on, unless it has been paused anew by then; undefined where it is not paused. */
  protected get goingOn(): Promise<void> | undefined {
    return this.#paused?.promise;
  }

  /** Hands messages over as the listener drains, as `Connection.stream` does; `pause` waits for it. */
  protected async hand(
    connection: Connection,
    messages: readonly SocketMessage[],
    isWanted?: () => boolean,
  ): Promise<boolean> {
    this.#sending = connection.stream(messages, isWanted);
    const handed = await this.#sending;
    this.#sending = undefined;
    return handed;
  }

  /** Nothing more is handed over. */
  protected settle(): void {
    this.resume();
    this.connection.flush();
    this.#handedOver.resolve();
  }
}
