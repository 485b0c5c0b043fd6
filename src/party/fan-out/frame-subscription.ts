import { deferred } from "../../core/async/deferred.ts";
import type { TimeSlicer } from "../../core/async/time-slicer.ts";
import type { Codec } from "../../core/protocol/v2.ts";
import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { V2Connection } from "../transport/connection.ts";
import { makesWayFor, type Rank } from "../transport/rank.ts";
import { type AudioFrame, msOf, placeOf } from "./audio-frame.ts";
import type { BufferCursor } from "./broadcast-buffer.ts";
import type { Entrance } from "./entrance.ts";
import { type LoggedMessage, type MessageLog, postLogged } from "./message-log.ts";
import { PlaybackReport } from "./playback-report.ts";
import type { PlayoutSchedule } from "./playout-schedule.ts";
import { SentFrames } from "./sent-frames.ts";
import { Subscription } from "./subscription.ts";
import type { UtteranceAudio } from "./utterance-audio.ts";

/** A page that was closed may have been closed to be loaded anew: so long it is waited for. */
export const RELOAD_MS = 4_000;
/** Sound is sent in bursts: on when so much of the lead is used up. */
const REFILL_AT = 2 / 3;

/** Listening on the v2 wire: frames as far ahead as the lead allows, and again after a lost connection. */
export class FrameSubscription extends Subscription {
  readonly playback: PlaybackReport = new PlaybackReport(this);
  fromMs = 0;
  /** Where in the line it began first. */
  readonly #startMs: number;
  readonly #messages: MessageLog;
  readonly #schedule: PlayoutSchedule;
  readonly #log: UtteranceAudio;
  readonly #timeSlicer: TimeSlicer;
  readonly #resumeMs: number;
  /** As the line's `speech.begin` had it, whatever the listener has asked for since. */
  #codec: Codec;
  #connection: V2Connection;
  #cursor: BufferCursor<AudioFrame>;
  readonly #sent = new SentFrames();
  #absence: ReturnType<typeof setTimeout> | undefined;
  #wake: (() => void) | undefined;
  #ended = false;

  /**
   * @param entrance where to begin
   * @param resumeMs how long a lost connection may take to come back
   */
  constructor(
    connection: V2Connection,
    line: {
      log: UtteranceAudio;
      messages: MessageLog;
      schedule: PlayoutSchedule;
      timeSlicer: TimeSlicer;
      rank: Rank;
      resumeMs: number;
    },
    entrance: Entrance,
  ) {
    super(line.rank);
    this.#connection = connection;
    this.#log = line.log;
    this.#messages = line.messages;
    this.#schedule = line.schedule;
    this.#timeSlicer = line.timeSlicer;
    this.#resumeMs = line.resumeMs;
    this.#codec = connection.v2.codec;
    this.#startMs = entrance.fromMs;
    this.#cursor = this.#open(entrance);
    if (entrance.isLate) this.lost = "late";
  }

  get connection(): V2Connection {
    return this.#connection;
  }

  get isOver(): boolean {
    return this.#ended;
  }

  get isHandedWhole(): boolean {
    return this.#ended && this.lost === undefined && this.#sent.next === this.#log.frames.head;
  }

  get placeMs(): number | undefined {
    return this.#isInStep ? this.#schedule.placeMs : this.#connection.playout.placeIn(this);
  }

  get leftMs(): number {
    const ms = this.#connection.playout.leftOf(this);
    return this.#isInStep ? Math.max(ms, this.#schedule.leftMs) : ms;
  }

  /** What the next sentence has to be encoded in; undefined: this listener gets its text only. */
  get encoding(): FrameEncoding | undefined {
    return this.#connection.v2.ladder.encodingFor(this.#codec);
  }

  /** Whether its connection was lost and may come back. */
  get isAbsent(): boolean {
    return this.#absence !== undefined;
  }

  /** Whether its connection has ended, and another one of the same player may take its place. */
  get isVacant(): boolean {
    return !this.#connection.isOpen && !this.playback.isOver;
  }

  /** Sends a message of the line; who is absent gets it when they come back. */
  tellRecorded(message: LoggedMessage): void {
    if (!this.#connection.isOpen || postLogged(this.#connection, message)) return;
    // One that was closed for it is told again when it comes back.
    if (this.#connection.isOpen) this.lost ??= "behind";
  }

  /**
   * Goes on on another connection.
   * @param isTold of the line's beginning, in its own codec, by a page that knows nothing of what was heard before
   */
  moveTo(connection: V2Connection, entrance: Entrance, isTold: boolean): void {
    clearTimeout(this.#absence);
    this.#absence = undefined;
    const { fromMs, isLate } = entrance;
    if (isTold) {
      this.#codec = connection.v2.codec;
      this.playback.goOn(fromMs);
    } else connection.playout.join(this.#connection.playout, this, fromMs);
    // What was on its way is handed over again.
    this.handedMs = Math.min(this.handedMs, Math.max(0, fromMs - this.#startMs));
    if (isLate) this.lost ??= "late";
    this.playback.stopWaiting();
    this.#connection = connection;
    this.#ended = false;
    this.#cursor.close();
    this.#cursor = this.#open(entrance);
  }

  /** What was handed over is heard on another connection. */
  handOn(connection: V2Connection): void {
    connection.playout.join(this.#connection.playout, this);
    connection.v2.follow(this.#schedule, this);
    this.#connection = connection;
    this.playback.expectLast();
  }

  async perform(): Promise<void> {
    const cursor = this.#cursor;
    if (this.#ended) return;
    const { playout } = this.#connection;
    if (this.interrupts) playout.interrupt((line) => makesWayFor(line, this));
    while (await cursor.follow(() => this.#keepUp(cursor))) {
      const frame = cursor.take();
      if (frame && !(await this.#send(cursor, frame))) break;
    }
    if (this.interrupts) playout.goOn();
    if (cursor !== this.#cursor || this.#ended) return;
    if (!this.#messages.isCancelled) this.#connection.post(this.#messages.endMessage(), { canBeLate: true });
    this.#end();
  }

  /** Who lost the connection is waited for; a page that was closed may be loaded anew. */
  abandon(): void {
    if (this.isAbsent) return;
    if (this.playback.isOver) {
      this.#end();
      return;
    }
    const { mayReturn, playout } = this.#connection;
    // A page that lost its connection goes on with what it has.
    if (!mayReturn) playout.stop();
    if (this.#ended) {
      this.playback.leave(this.#resumeMs);
      return;
    }
    this.resume();
    this.#wake?.();
    if (!mayReturn && this.#log.readers > 1) {
      this.lost ??= this.playback.gone;
      this.#end();
      return;
    }
    // A place in the line that reads nothing: speech waits for its listener, but is not made for them.
    this.#cursor.close();
    this.#cursor = this.#log.frames.open(this.#sent.next);
    const patienceMs = mayReturn ? this.#resumeMs : Math.min(RELOAD_MS, this.#resumeMs);
    this.#absence = setTimeout(() => this.#giveUp(), patienceMs);
  }

  /** The line goes on without this listener, who is told to drop what is buffered. */
  drop(reason: string): void {
    if (this.playback.isOver || this.#messages.isCancelled) return;
    this.#connection.post(this.#messages.cancelMessage(reason), { canBeLate: true });
    this.#connection.playout.drop(this);
    this.lost ??= "dropped";
    this.#giveUp();
  }

  /** The line was cancelled: nothing more comes, but how far it was heard is still to be told. */
  cancelled(): void {
    this.#connection.playout.drop(this);
    if (this.isAbsent || !this.#connection.isOpen) this.#giveUp();
    else if (this.#ended) this.playback.expectLast();
    else this.#end();
  }

  override close(): void {
    this.cancelled();
    this.playback.finish();
  }

  get #isInStep(): boolean {
    return this.#connection.v2.sync && this.#schedule.timeline.isSet;
  }

  #open({ index, fromMs }: Entrance): BufferCursor<AudioFrame> {
    const { frames } = this.#log;
    this.fromMs = fromMs;
    this.#sent.next = index ?? frames.head;
    return frames.open(index);
  }

  /** Sends all there is at once: thousands do this, and only with whom something is the matter is more needed. */
  #keepUp(cursor: BufferCursor<AudioFrame>): void {
    const { v2 } = this.#connection;
    const { encoding } = this;
    if (this.isPaused || v2.ladder.rung > 0 || !encoding) return;
    const batch = this.#log.batches.from(cursor.position, encoding);
    if (!batch || !(batch.begins || (cursor.isInside && this.#sent.isIn(encoding)))) return;
    if (v2.playout.aheadMs + batch.ms > v2.leadMs) return;
    if (v2.sync) this.#schedule.start(v2.freeFor(this));
    // The line's end leaves with its last frames.
    const canWait = this.#log.frames.isOver;
    if (!this.#connection.offer(batch.messages, batch.bytes, { canWait })) return;
    cursor.takeTo(batch.end);
    this.#sent.addBurst(batch, encoding);
    this.handedMs += batch.ms;
    v2.playout.add(this, batch.fromMs, batch.ms);
  }

  /** Sends the frame, and with it what else is there and fits into the lead. */
  async #send(cursor: BufferCursor<AudioFrame>, first: AudioFrame): Promise<boolean> {
    const { v2 } = this.#connection;
    const { aheadMs } = v2.playout;
    if (aheadMs + msOf(first) > v2.leadMs) await this.#sleep(aheadMs - v2.leadMs * REFILL_AT);
    await this.#timeSlicer.pass();
    while (this.goingOn) await this.goingOn;
    // Meanwhile the line may have been cancelled, or another connection have taken this place.
    if (!cursor.isOpen) return false;
    if (v2.sync) this.#schedule.start(v2.freeFor(this));
    const messages: Uint8Array<ArrayBuffer>[] = [];
    const room = v2.leadMs - v2.playout.aheadMs;
    let ms = 0;
    for (
      let frame: AudioFrame | undefined = first;
      frame;
      frame = cursor.take((next) => ms + msOf(next) <= room)
    ) {
      ms += msOf(frame);
      const message = this.#sent.add(frame, this.encoding);
      if (!message) continue;
      messages.push(message);
      this.handedMs += msOf(frame);
    }
    v2.playout.add(this, placeOf(first), ms);
    const handed =
      messages.length === 0 || (await this.hand(this.#connection, messages, () => cursor.isOpen));
    v2.ladder.observe(this.#connection.backlogMs);
    return handed;
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#ended || this.isAbsent) return;
    const { promise, resolve } = deferred();
    const timer = setTimeout(resolve, ms);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
    this.#wake = undefined;
  }

  #giveUp(): void {
    clearTimeout(this.#absence);
    this.#absence = undefined;
    this.lost ??= this.playback.gone ?? "behind";
    this.#end();
    this.playback.finish();
  }

  /** Everything was handed over, or nobody wants the rest. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    // What was said before somebody came who hears frames was not made for them.
    if (this.#log.lacksFrames) this.lost ??= "late";
    this.#cursor.close();
    this.#wake?.();
    this.settle();
    const { v2 } = this.#connection;
    v2.follow(this.#schedule, this);
    this.playback.expectLast();
  }
}
