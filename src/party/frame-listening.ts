import { deferred } from "../core/deferred.ts";
import type { Turnstile } from "../core/turn.ts";
import type { Codec, HeardMessage } from "../core/v2.ts";
import type { FrameEncoding } from "../engines/sentence-job.ts";
import type { V2Connection } from "./connection.ts";
import type { Cue } from "./cue.ts";
import { HandedFrames } from "./handed-frames.ts";
import { Hearing } from "./hearing.ts";
import { type LineRecord, postRecorded, type RecordedMessage } from "./line-record.ts";
import { Listening, type Rank } from "./listening.ts";
import { msOf, type SpeechLog, type SpokenFrame } from "./speech-log.ts";
import type { TrackCursor } from "./track.ts";

/** Sound is sent in bursts: on when so much of the lead is used up. */
const REFILL_AT = 2 / 3;

/** Listening on the v2 wire: frames as far ahead as the lead allows, and again after a lost connection. */
export class FrameListening extends Listening {
  readonly hearing: Hearing = new Hearing();
  readonly #record: LineRecord;
  readonly #cue: Cue;
  readonly #log: SpeechLog;
  readonly #turns: Turnstile;
  readonly #resumeMs: number;
  /** As the line's `speech.begin` had it, whatever the listener has asked for since. */
  #codec: Codec;
  #connection: V2Connection;
  #cursor: TrackCursor<SpokenFrame>;
  readonly #handed = new HandedFrames();
  #absence: ReturnType<typeof setTimeout> | undefined;
  #wake: (() => void) | undefined;
  /** Nothing more is handed over. */
  #ended = false;

  /**
   * @param sequence to begin with; by default the next sentence's first
   * @param resumeMs how long a lost connection may take to come back
   */
  constructor(
    connection: V2Connection,
    line: { log: SpeechLog; record: LineRecord; cue: Cue; turns: Turnstile; rank: Rank; resumeMs: number },
    sequence?: number,
  ) {
    super(line.rank);
    this.#connection = connection;
    this.#log = line.log;
    this.#record = line.record;
    this.#cue = line.cue;
    this.#turns = line.turns;
    this.#resumeMs = line.resumeMs;
    this.#codec = connection.v2.codec;
    this.#cursor = this.#open(sequence);
  }

  get connection(): V2Connection {
    return this.#connection;
  }

  get over(): Promise<void> {
    return this.hearing.over;
  }

  get complete(): boolean {
    return this.#ended && !this.lost && this.#handed.next === this.#log.frames.head;
  }

  /** What the next sentence has to be encoded in; undefined: this listener gets its text only. */
  get encoding(): FrameEncoding | undefined {
    return this.#connection.v2.ladder.encodingFor(this.#codec);
  }

  /** Whether its connection was lost and may come back. */
  get isAbsent(): boolean {
    return this.#absence !== undefined;
  }

  /** Whether its connection was lost after everything was handed over. */
  get isLeft(): boolean {
    return this.#ended && !this.#connection.isOpen;
  }

  /** Sends a message of the line; who is absent gets it when they come back. */
  tellRecorded(message: RecordedMessage): void {
    if (!this.isAbsent && !postRecorded(this.#connection, message)) this.lost = true;
  }

  /** Goes on with `sequence`, or else the next sentence. @param isTold of the line's beginning, in its own codec */
  moveTo(connection: V2Connection, sequence: number | undefined, isTold: boolean): void {
    clearTimeout(this.#absence);
    this.#absence = undefined;
    this.#connection = connection;
    if (isTold) this.#codec = connection.v2.codec;
    this.#cursor.close();
    this.#cursor = this.#open(sequence);
  }

  /** What was handed over is heard on another connection. */
  handOn(connection: V2Connection): void {
    connection.v2.playout.join(this.#connection.v2.playout);
    connection.v2.follow(this.#cue);
    this.#connection = connection;
  }

  async perform(): Promise<void> {
    const cursor = this.#cursor;
    const { playout } = this.#connection.v2;
    const interrupted = this.interrupts ? playout.clear() : 0;
    while (await cursor.follow(() => this.#keepUp(cursor))) {
      const frame = cursor.take();
      if (frame && !(await this.#send(cursor, frame))) break;
    }
    playout.add(interrupted);
    if (cursor !== this.#cursor || this.#ended) return;
    if (!this.#record.isCancelled) this.#connection.post(this.#record.endMessage());
    this.#end();
  }

  abandon(): void {
    if (this.#ended || this.isAbsent) return;
    this.resume();
    this.#wake?.();
    if (!this.#connection.mayReturn) {
      this.#giveUp();
      return;
    }
    // A place in the line that reads nothing: speech waits for its listener, but is not made for them.
    this.#cursor.close();
    this.#cursor = this.#open(this.#handed.next);
    this.#absence = setTimeout(() => this.#giveUp(), this.#resumeMs);
  }

  /** The line goes on without this listener, who is told to drop what is buffered. */
  drop(reason: string): void {
    if (this.hearing.isOver || this.#record.isCancelled) return;
    this.#connection.post(this.#record.cancelMessage(reason));
    this.#connection.v2.playout.clear();
    this.#giveUp();
  }

  /** The line was cancelled: nothing more comes, but how far it was heard is still to be told. */
  cancelled(): void {
    this.#connection.v2.playout.clear();
    if (this.isAbsent) this.#giveUp();
    else if (this.#ended) this.hearing.expectLast(0, this.handedMs);
    else this.#end();
  }

  override close(): void {
    this.cancelled();
    this.hearing.finish();
  }

  /** What the listener says about it. */
  heard(report: HeardMessage): void {
    this.hearing.heard(report, this.handedMs, this.#ended);
  }

  #open(sequence: number | undefined): TrackCursor<SpokenFrame> {
    const { frames } = this.#log;
    if (sequence === undefined) this.lost ||= frames.head > 0;
    this.#handed.next = sequence ?? frames.head;
    return frames.open(sequence);
  }

  /** Sends all there is at once: thousands do this, and only with whom something is the matter is more needed. */
  #keepUp(cursor: TrackCursor<SpokenFrame>): void {
    const { v2 } = this.#connection;
    const { encoding } = this;
    if (this.isPaused || v2.ladder.rung > 0 || !encoding) return;
    const burst = this.#log.bursts.from(cursor.position, encoding);
    if (!burst || !(burst.begins || (cursor.isInside && this.#handed.isIn(encoding)))) return;
    if (v2.playout.aheadMs + burst.ms > v2.leadMs) return;
    if (v2.sync) this.#cue.start(this.interrupts ? 0 : v2.freeAt);
    // The line's end leaves with its last frames.
    const canWait = this.#log.frames.isOver;
    if (!this.#connection.offer(burst.messages, burst.bytes, { canWait })) return;
    cursor.takeTo(burst.end);
    this.#handed.addBurst(burst, encoding);
    this.handedMs += burst.ms;
    v2.playout.add(burst.ms);
  }

  /** Sends the frame, and with it what else is there and fits into the lead. */
  async #send(cursor: TrackCursor<SpokenFrame>, first: SpokenFrame): Promise<boolean> {
    const { v2 } = this.#connection;
    const { aheadMs } = v2.playout;
    if (aheadMs + msOf(first) > v2.leadMs) await this.#sleep(aheadMs - v2.leadMs * REFILL_AT);
    await this.#turns.pass();
    while (this.goingOn) await this.goingOn;
    // Meanwhile the line may have been cancelled, or another connection have taken this place.
    if (!cursor.isOpen) return false;
    if (v2.sync) this.#cue.start(this.interrupts ? 0 : v2.freeAt);
    const messages: Uint8Array<ArrayBuffer>[] = [];
    const room = v2.leadMs - v2.playout.aheadMs;
    let ms = 0;
    for (
      let frame: SpokenFrame | undefined = first;
      frame;
      frame = cursor.take((next) => ms + msOf(next) <= room)
    ) {
      ms += msOf(frame);
      const message = this.#handed.add(frame, this.encoding);
      if (!message) continue;
      messages.push(message);
      this.handedMs += msOf(frame);
    }
    v2.playout.add(ms);
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
    this.lost = true;
    this.#end();
    this.hearing.finish();
  }

  /** Everything was handed over, or nobody wants the rest. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cursor.close();
    this.#wake?.();
    this.settle();
    const { v2 } = this.#connection;
    v2.follow(this.#cue);
    const withinMs = Math.max(v2.playout.aheadMs, this.#cue.leftMs);
    this.hearing.expectLast(this.#record.isCancelled ? 0 : withinMs, this.handedMs);
  }
}
