import { type Deferred, deferred } from "../../core/async/deferred.ts";
import type { MissedReason } from "../../core/protocol/api.ts";
import type { HeardMessage } from "../../core/protocol/v2.ts";
import type { Connection } from "../transport/connection.ts";
import type { Rank, Turn } from "../transport/rank.ts";
import type { SocketMessage } from "../transport/socket.ts";
import type { Handover, PlaybackReport } from "./playback-report.ts";

/** Where in an utterance somebody goes on who came back. */
export interface Place {
  /** The last frame they have; without one they go on with the next sentence. */
  sequence: number | undefined;
  /** They are told of its beginning anew, and so in what its sound comes. */
  isTold: boolean;
}

/** One connection listening to one utterance: its place in it, and what it got. Each wire has its own kind. */
export abstract class Subscription implements Rank, Handover {
  readonly priority: number;
  readonly order: number;
  readonly turn: Readonly<Turn>;
  readonly interrupts: boolean;
  /** Resolves when there is nothing left to hand over. */
  readonly handedOver: Promise<void>;
  #handedMs = 0;
  /** Stretches of the utterance that were handed over; between them some was passed over. */
  #handed: { fromMs: number; ms: number }[] = [];
  #lost: MissedReason | undefined;
  readonly #handedOver: Deferred<void> = deferred();
  #paused: Deferred<void> | undefined;
  #sending: Promise<boolean> | undefined;

  /** Whether its listener wants to hear it; else they get the text alone. */
  readonly isWanted: boolean;

  constructor(rank: Rank, isWanted: boolean) {
    this.isWanted = isWanted;
    this.priority = rank.priority;
    this.order = rank.order;
    this.turn = rank.turn;
    this.interrupts = rank.interrupts;
    this.handedOver = this.#handedOver.promise;
  }

  /** The connection that listens now. */
  abstract readonly connection: Connection;
  /** How it is heard, as far as is known. */
  abstract readonly playback: PlaybackReport;
  /** Where in the utterance it began, ms. */
  abstract readonly fromMs: number;
  /** ms of the utterance up to which it must have been heard by now; undefined: it has not begun. */
  abstract readonly placeMs: number | undefined;
  /** ms until what was handed over will have been heard. */
  abstract readonly leftMs: number;
  /** Was handed every text and all the audio there was. */
  abstract readonly isHandedWhole: boolean;
  /** Nothing more is handed over. */
  abstract readonly isOver: boolean;

  /** Sends it; resolves when the listener was handed all of it, or ended. Never rejects. */
  abstract send(): Promise<void>;
  /** The listener is gone: `send` is not called any more, and has nothing to wait for. */
  abstract abandon(): void;
  /** The utterance goes on without this listener. */
  abstract drop(reason: string): void;
  /** The utterance was cancelled. */
  abstract cancelled(): void;

  /** On dm20: the listener is answered what was missed, and is not told it by itself any more. */
  answered(): void {
    // On the v2 wire nobody asks.
  }

  /** The party is over: nobody will say any more how much was heard. */
  close(): void {
    this.cancelled();
  }

  /** ms of audio handed over. */
  get handedMs(): number {
    return this.#handedMs;
  }

  handedBetween(fromMs: number, toMs: number): number {
    return this.#handed.reduce((sum, each) => {
      const ms = Math.min(toMs, each.fromMs + each.ms) - Math.max(fromMs, each.fromMs);
      return sum + Math.max(0, ms);
    }, 0);
  }

  /** Takes the listener's report on it. */
  heard(report: HeardMessage): void {
    this.playback.heard(report, this.isOver);
  }

  /** Got all of it, and heard it or will, as far as can be known. */
  get complete(): boolean {
    return this.isHandedWhole && this.playback.missed === undefined;
  }

  /** Why not; undefined where nothing is missing yet. */
  get missed(): MissedReason | undefined {
    return this.playback.missed ?? this.#lost ?? (this.isOver && !this.isHandedWhole ? "behind" : undefined);
  }

  /** Stops sending between two messages; resolves once it does. */
  async pause(): Promise<void> {
    this.#paused ??= deferred();
    await this.#sending;
  }

  resume(): void {
    this.#paused?.resolve();
    this.#paused = undefined;
  }

  /** Why what could be had was not. */
  protected get lost(): MissedReason | undefined {
    return this.#lost;
  }

  /** Something was not had; the first reason counts. For sound that is not wanted nobody comes late. */
  protected lose(reason: MissedReason): void {
    if (reason !== "late" || this.isWanted) this.#lost ??= reason;
  }

  /** Notes that it came when the text was not read any more. */
  lateIf(isLate: boolean): this {
    if (isLate) this.#lost ??= "late";
    return this;
  }

  /** @param fromMs where in the utterance it begins */
  protected addHanded(fromMs: number, ms: number): void {
    this.#handedMs += ms;
    const last = this.#handed.at(-1);
    if (last && Math.abs(last.fromMs + last.ms - fromMs) < 1) last.ms += ms;
    else this.#handed.push({ fromMs, ms });
  }

  /** Everything after so many ms, from that place of the utterance on, will be handed over again. */
  protected limitHanded(ms: number, placeMs: number): void {
    this.#handedMs = Math.min(this.#handedMs, ms);
    this.#handed = this.#handed
      .filter(({ fromMs }) => fromMs < placeMs)
      .map((each) => ({ fromMs: each.fromMs, ms: Math.min(each.ms, placeMs - each.fromMs) }));
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
