import { deferred } from "../../core/async/deferred.ts";
import type { TimeSlicer } from "../../core/async/time-slicer.ts";
import type { Codec } from "../../core/protocol/v2.ts";
import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { V2Connection } from "../transport/connection.ts";
import { makesWayFor, type Rank } from "../transport/rank.ts";
import { type AudioFrame, msOf } from "./audio-frame.ts";
import type { BufferCursor } from "./broadcast-buffer.ts";
import type { Entrance } from "./entrance.ts";
import { type FrameBatch, takeBatch } from "./frame-batches.ts";
import { type LoggedMessage, type MessageLog, postLogged } from "./message-log.ts";
import { PlaybackReport } from "./playback-report.ts";
import type { PlayoutSchedule } from "./playout-schedule.ts";
import { SentFrames } from "./sent-frames.ts";
import { Subscription } from "./subscription.ts";
import type { UtteranceAudio } from "./utterance-audio.ts";

/** So long a page is waited for that was closed: it may be loaded anew. */
export const RELOAD_MS = 4_000;
/** Sound is sent in bursts: on when so much of the lead is used up. */
const REFILL_AT = 2 / 3;

/** Listening on the v2 wire: frames are sent ahead as far as the client may have them, and again after a lost connection. */
export class FrameSubscription extends Subscription {
  readonly playback: PlaybackReport = new PlaybackReport(this);
  #fromMs = 0;
  /** Where in the utterance it began first. */
  readonly #startMs: number;
  readonly #messages: MessageLog;
  readonly #schedule: PlayoutSchedule;
  readonly #audio: UtteranceAudio;
  readonly #timeSlicer: TimeSlicer;
  readonly #resumeMs: number;
  /** As its `speech.begin` had it, whatever the listener has asked for since. */
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
    utterance: {
      audio: UtteranceAudio;
      messages: MessageLog;
      schedule: PlayoutSchedule;
      timeSlicer: TimeSlicer;
      rank: Rank;
      isWanted: boolean;
      resumeMs: number;
    },
    entrance: Entrance,
  ) {
    super(utterance.rank, utterance.isWanted);
    this.#connection = connection;
    this.#audio = utterance.audio;
    this.#messages = utterance.messages;
    this.#schedule = utterance.schedule;
    this.#timeSlicer = utterance.timeSlicer;
    this.#resumeMs = utterance.resumeMs;
    this.#codec = connection.v2.codec;
    this.#startMs = entrance.fromMs;
    this.#cursor = this.#open(entrance);
    if (entrance.isLate) this.lose("late");
  }

  get connection(): V2Connection {
    return this.#connection;
  }

  get fromMs(): number {
    return this.#fromMs;
  }

  get isOver(): boolean {
    return this.#ended;
  }

  get isHandedWhole(): boolean {
    const isAll = !this.isWanted || this.#sent.next === this.#audio.frames.head;
    return this.#ended && this.lost === undefined && isAll;
  }

  get placeMs(): number | undefined {
    return this.#isInStep ? this.#schedule.placeMs : this.#connection.playout.placeIn(this);
  }

  get leftMs(): number {
    const ms = this.#connection.playout.leftOf(this);
    return this.#isInStep ? Math.max(ms, this.#schedule.leftMs) : ms;
  }

  /** The encoding this listener needs the next sentence in; undefined: only its text. */
  get encoding(): FrameEncoding | undefined {
    return this.isWanted ? this.#connection.v2.ladder.encodingFor(this.#codec) : undefined;
  }

  get isAbsent(): boolean {
    return this.#absence !== undefined;
  }

  /** Whether another connection of the same player may take the place of its own, which has ended. */
  get isVacant(): boolean {
    return !this.#connection.isOpen && !this.playback.isOver;
  }

  /** Sends a message of the utterance; who is absent gets it when they come back. */
  tellLogged(message: LoggedMessage): void {
    const isOfUse = (this.isWanted || !message.isOfSound) && message.offset > this.#connection.v2.knownTo;
    if (!isOfUse || !this.#connection.isOpen || postLogged(this.#connection, message)) return;
    // One that was closed for it is told again when it comes back.
    if (this.#connection.isOpen) this.lose("behind");
  }

  /**
   * Goes on on another connection.
   * @param isTold of the utterance's beginning, in its own codec, by a page that knows nothing of what was heard before
   */
  moveTo(connection: V2Connection, entrance: Entrance, isTold: boolean): void {
    clearTimeout(this.#absence);
    this.#absence = undefined;
    const { fromMs, isLate } = entrance;
    if (isTold) {
      this.#codec = connection.v2.codec;
      this.playback.goOn(fromMs);
    } else connection.playout.join(this.#connection.playout, this, fromMs);
    // Frames that were still on their way will be sent again.
    this.limitHanded(Math.max(0, fromMs - this.#startMs), fromMs);
    if (isLate) this.lose("late");
    this.playback.stopWaiting();
    this.#connection = connection;
    this.#ended = false;
    this.#cursor.close();
    this.#cursor = this.#open(entrance);
  }

  /** What was handed over is heard, and reported on another connection. */
  handOn(connection: V2Connection): void {
    connection.playout.join(this.#connection.playout, this);
    connection.v2.handed(this.#schedule, this);
    this.#connection = connection;
    this.playback.expectLast();
  }

  async send(): Promise<void> {
    const cursor = this.#cursor;
    if (this.#ended) return;
    const { playout } = this.#connection;
    if (this.interrupts) playout.interrupt((utterance) => makesWayFor(utterance, this));
    while (await cursor.follow(() => this.#sendAll(cursor))) {
      const frame = cursor.take();
      if (frame && !(await this.#sendInTime(cursor, frame))) break;
    }
    if (this.interrupts) playout.goOn();
    if (cursor !== this.#cursor || this.#ended) return;
    if (!this.#messages.isCancelled) this.#connection.post(this.#messages.endMessage(), { canBeLate: true });
    this.#end();
  }

  /** Waits for a listener who lost the connection; a page that was closed may be reloaded. */
  abandon(): void {
    if (this.playback.isOver) this.#end();
    if (this.playback.isOver || this.isAbsent) return;
    const { mayReturn, playout } = this.#connection;
    if (!mayReturn) playout.stop();
    if (this.#ended) {
      this.playback.leave(this.#resumeMs);
      return;
    }
    this.resume();
    this.#wake?.();
    if (!mayReturn && this.#audio.readers > 1) {
      this.lose(this.playback.gone ?? "left");
      this.#end();
      return;
    }
    // A place in the buffer that reads nothing: speech waits for its listener, but is not made for them.
    this.#cursor.close();
    this.#cursor = this.#audio.frames.open(this.#sent.next);
    const patienceMs = mayReturn ? this.#resumeMs : Math.min(RELOAD_MS, this.#resumeMs);
    this.#absence = setTimeout(() => this.#giveUp(), patienceMs);
  }

  drop(reason: string): void {
    if (this.playback.isOver || this.#messages.isCancelled) return;
    this.#connection.post(this.#messages.cancelMessage(reason), { canBeLate: true });
    this.#connection.playout.drop(this);
    this.lose("dropped");
    this.#giveUp();
  }

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
    const { frames } = this.#audio;
    this.#fromMs = fromMs;
    this.#sent.goOnAt(index ?? frames.head);
    return frames.open(index);
  }

  /** Sends all there is at once, the same bytes to all: thousands do this. Where more is needed it does nothing. */
  #sendAll(cursor: BufferCursor<AudioFrame>): void {
    const { v2 } = this.#connection;
    const { encoding } = this;
    if (this.isPaused || v2.ladder.rung > 0 || !encoding) return;
    const batch = this.#audio.batches.from(cursor.position, encoding);
    if (!batch || !(batch.begins || (cursor.isInside && this.#sent.isIn(encoding)))) return;
    if (v2.playout.aheadMs + batch.ms > v2.sendAheadMs) return;
    this.#schedulePlayout();
    // The utterance's end leaves with its last frames.
    const canWait = this.#audio.frames.isOver;
    if (!this.#connection.offer(batch.messages, batch.bytes, { canWait })) return;
    cursor.takeTo(batch.end);
    this.#count(batch);
  }

  /** Sends the frame when its listener has used up enough, and with it what else is there and fits. */
  async #sendInTime(cursor: BufferCursor<AudioFrame>, first: AudioFrame): Promise<boolean> {
    const { v2 } = this.#connection;
    const { aheadMs } = v2.playout;
    if (aheadMs + msOf(first) > v2.sendAheadMs) await this.#sleep(aheadMs - v2.sendAheadMs * REFILL_AT);
    await this.#timeSlicer.pass();
    while (this.goingOn) await this.goingOn;
    // Meanwhile the utterance may have been cancelled, or another connection have taken this place.
    if (!cursor.isOpen) return false;
    this.#schedulePlayout();
    const roomMs = v2.sendAheadMs - v2.playout.aheadMs;
    const batch = takeBatch(cursor, first, roomMs, (frame) => this.#sent.encodingOf(frame, this.encoding));
    this.#count(batch);
    const { messages } = batch;
    const handed =
      messages.length === 0 || (await this.hand(this.#connection, messages, () => cursor.isOpen));
    v2.ladder.observe(this.#connection.backlogMs);
    return handed;
  }

  #schedulePlayout(): void {
    const { v2 } = this.#connection;
    if (v2.sync) this.#schedule.start(v2.freeFor(this));
  }

  /** Frames leave. What is not sent passes by at the listener all the same, in silence. */
  #count(batch: FrameBatch): void {
    this.#sent.add(batch);
    if (batch.encoding) this.addHanded(batch.fromMs, batch.ms);
    this.#connection.v2.playout.add(this, batch.fromMs, batch.ms);
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
    this.lose(this.playback.gone ?? "behind");
    this.#end();
    this.playback.finish();
  }

  /** Everything was handed over, or nobody wants the rest. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#audio.lacksFrames) this.lose("late");
    this.#cursor.close();
    this.#wake?.();
    this.settle();
    const { v2 } = this.#connection;
    v2.handed(this.#schedule, this);
    this.playback.expectLast();
  }
}
