import type { HeardMessage } from "../../../core/protocol/v2.ts";
import { type Handover, PlaybackReport } from "../../fan-out/playback-report.ts";
import { type Connection, isV2 } from "../../transport/connection.ts";
import type { Rank } from "../../transport/rank.ts";

/** What a connection's client still has to hear of all that the process before handed it: it comes before all else. */
export class HeldSound implements Rank {
  readonly order = -1;
  readonly turn: Rank["turn"] = { priority: 0, order: -1 };
  readonly interrupts = false;
  /** Of the line that is heard. */
  priority = 0;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get leftMs(): number {
    return this.#connection.playout.leftOf(this);
  }

  /** On the server's clock. */
  get endAt(): number {
    return performance.now() + this.leftMs;
  }

  /** There are so many ms of it. */
  hold(ms: number, { priority }: { priority: number }): void {
    const { playout, v2 } = this.#connection;
    this.priority = priority;
    playout.hold(this, ms);
    v2?.handed(this, this);
  }

  /** @param ms that its client has, of what this process handed over, too */
  holdAllOf(ms: number, line: { priority: number }): void {
    const { aheadMs } = this.#connection.playout;
    this.hold(Math.max(0, ms - Math.max(0, aheadMs - this.leftMs)), line);
  }
}

/** How one connection hears a line on that the process before handed over. */
export class RestoredPlayback implements Handover {
  readonly playback: PlaybackReport = new PlaybackReport(this);
  readonly fromMs = 0;
  #connection: Connection;
  #held: HeldSound;
  #handedMs: number;
  readonly #isMade: boolean;
  readonly #isWhole: boolean;

  /**
   * @param line.durationMs of all of it; undefined: it was not made to its end
   * @param line.isWhole whether all of it was handed over
   */
  constructor(
    connection: Connection,
    held: HeldSound,
    { durationMs, isWhole }: { durationMs: number | undefined; isWhole: boolean },
  ) {
    this.#connection = connection;
    this.#held = held;
    this.#handedMs = durationMs ?? 0;
    this.#isMade = durationMs !== undefined;
    this.#isWhole = isWhole;
  }

  get connection(): Connection {
    return this.#connection;
  }

  get handedMs(): number {
    return this.#handedMs;
  }

  get leftMs(): number {
    return this.#held.leftMs;
  }

  /** By the time, where its client has no word for it. */
  get placeMs(): number | undefined {
    return isV2(this.#connection) ? undefined : Math.max(0, this.#handedMs - this.leftMs);
  }

  handedBetween(fromMs: number, toMs: number): number {
    return Math.max(0, toMs - fromMs);
  }

  /** Whose connection has ended. */
  get isVacant(): boolean {
    return !this.#connection.isOpen && !this.playback.isOver;
  }

  get isHandedWhole(): boolean {
    return this.#isWhole || this.complete;
  }

  get complete(): boolean {
    const { heardMs } = this.playback;
    const isAll = this.#isWhole || heardMs > 0;
    return this.#handedMs > 0 && isAll && this.missed === undefined;
  }

  get missed(): PlaybackReport["missed"] {
    return this.playback.missed;
  }

  heard(report: HeardMessage): void {
    if (!this.#isMade) this.#handedMs = Math.max(this.#handedMs, report.heardMs);
    this.playback.heard(report, true);
    if (!this.playback.isOver) this.playback.expectLast();
  }

  /** It is heard, and told, on another connection. */
  goOn(connection: Connection, held: HeldSound): void {
    this.#connection = connection;
    this.#held = held;
    this.playback.expectLast();
  }
}
