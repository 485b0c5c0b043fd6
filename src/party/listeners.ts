import type { HeardMessage } from "../core/v2.ts";
import type { Encoding } from "../engines/sentence-job.ts";
import { ClipListening } from "./clip-listening.ts";
import { type Connection, isV2, type V2Connection } from "./connection.ts";
import { Cue } from "./cue.ts";
import {
  BEGINNING,
  type Company,
  type Entrance,
  entranceAt,
  entranceToClips,
  entranceToFrames,
} from "./entrance.ts";
import type { FanOutContext } from "./fan-out-context.ts";
import { FrameListening, RELOAD_MS } from "./frame-listening.ts";
import { Lead } from "./lead.ts";
import { type LineRecord, postRecorded, type RecordedMessage } from "./line-record.ts";
import type { Listening } from "./listening.ts";
import { dm20Text, rankOf, type Script } from "./script.ts";
import type { SpeechLog } from "./speech-log.ts";

/** Who listens to one line, on either wire, and what they have been told of it. */
export class Listeners {
  readonly #script: Script;
  readonly #backstage: FanOutContext;
  readonly #log: SpeechLog;
  readonly #record: LineRecord;
  /** When those in step hear it. */
  readonly cue: Cue;
  readonly #clips: ClipListening[] = [];
  readonly #frames: FrameListening[] = [];
  /** Every listener reports about once a second. */
  readonly #byConnection = new Map<Connection, Listening>();
  readonly #dm20Texts: string[] = [];
  readonly #isLast: () => boolean;
  #hasBegun = false;
  #isOver = false;

  /** @param options.isLast whether no sentence follows those in the log */
  constructor(
    script: Script,
    backstage: FanOutContext,
    { log, record, isLast }: { log: SpeechLog; record: LineRecord; isLast: () => boolean },
  ) {
    this.#isLast = isLast;
    this.#script = script;
    this.#backstage = backstage;
    this.#log = log;
    this.#record = record;
    const { journal } = backstage;
    this.cue = new Cue({
      journal,
      record,
      lead: new Lead(
        () => this.connectionsInStep.map(({ v2 }) => v2.needsMs),
        () => journal.now(),
      ),
      tell: (message) => this.tell(message),
    });
  }

  /** Connections that keep step, as far as they are there. */
  get connectionsInStep(): readonly V2Connection[] {
    return this.#frames
      .filter((listening) => !listening.isAbsent && listening.connection.v2.sync)
      .map(({ connection }) => connection);
  }

  /** Everybody who listens or listened. */
  get all(): readonly Listening[] {
    return [...this.#clips, ...this.#frames];
  }

  /** What the next sentence has to be encoded in. */
  get encodings(): Encoding[] {
    const encodings = new Set<Encoding>(this.#clips.length > 0 ? ["dm20"] : []);
    for (const { encoding } of this.#frames) if (encoding) encodings.add(encoding);
    return [...encodings];
  }

  /** All who are here from the beginning were added. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** Lets a connection listen: the text so far now, on dm20 the audio from where the others' ears are. */
  add(connection: Connection): Listening {
    if (isV2(connection)) {
      for (const message of this.#record.after(0)) postRecorded(connection, message);
      return this.#addFrames(connection, BEGINNING);
    }
    // Those who are here from the beginning may be thousands.
    const clips = this.#hasBegun ? this.#clips : [];
    const vacant = clips.find((other) => other.isVacant && isOf(other, connection));
    const entrance = this.#hasBegun
      ? entranceToClips(this.#log, this.#companyOf(connection, clips))
      : BEGINNING;
    const line = {
      log: this.#log,
      turns: this.#backstage.turns,
      rank: rankOf(this.#script),
      reloadMs: Math.min(RELOAD_MS, this.#backstage.limits.resumeMs),
    };
    const listening = new ClipListening(connection, line, withoutGap(entrance, vacant));
    for (const text of this.#dm20Texts) listening.tell(text);
    if (this.#isOver) return listening;
    this.#clips.push(listening);
    this.#byConnection.set(connection, listening);
    if (vacant) listening.takeOver(vacant);
    return listening;
  }

  /**
   * Lets a connection go on with the frame `sequence`, or else where the others' ears are, in the place of one
   * of the same player that has ended; the text it has missed is not sent here.
   * @param isTold whether it has been told of the beginning, and so in what the sound comes
   */
  resume(connection: V2Connection, sequence: number | undefined, isTold: boolean): Listening {
    const own = this.#frames.filter((other) => other.isVacant && isOf(other, connection));
    const vacant = own.find(({ isAbsent }) => isAbsent) ?? own[0];
    const entrance =
      sequence === undefined
        ? withoutGap(this.#entranceOf(connection), vacant)
        : entranceAt(this.#log, sequence, this.#record.lengthMs);
    if (!vacant) return this.#addFrames(connection, entrance);
    vacant.moveTo(connection, entrance, isTold);
    this.#byConnection.set(connection, vacant);
    return vacant;
  }

  /** Tells dm20 listeners a text. @param isPiece others belong to it */
  tellText(text: string, isPiece: boolean): void {
    const message = dm20Text(this.#script, text, isPiece ? this.#dm20Texts.length : undefined);
    this.#dm20Texts.push(message);
    for (const listening of this.#clips) listening.tell(message);
  }

  /** Tells v2 listeners what was recorded. */
  tell(message: RecordedMessage): void {
    for (const listening of this.#frames) listening.tellRecorded(message);
  }

  /** What a listener says about how much it heard. @returns whether there was sound of it to be heard */
  heard(connection: Connection, report: HeardMessage): boolean {
    const listening = this.#byConnection.get(connection) ?? this.#handOn(connection);
    listening?.heard(report);
    return !this.#record.isCancelled && (listening?.handedMs ?? 0) > 0;
  }

  /** Who lost the connection when everything was handed over goes on hearing it, and says so on another one. */
  #handOn(connection: Connection): FrameListening | undefined {
    const left = this.#frames.find((other) => other.isOver && other.isVacant && isOf(other, connection));
    if (!left || !isV2(connection)) return undefined;
    left.handOn(connection);
    this.#byConnection.set(connection, left);
    return left;
  }

  /** A connection has ended: who was handed everything may still have been hearing it. */
  left(connection: Connection): void {
    const listening = this.#byConnection.get(connection);
    this.#byConnection.delete(connection);
    if (listening?.connection === connection && listening.isOver) listening.abandon();
  }

  /** The line was cancelled. */
  cancelled(): void {
    for (const listening of this.all) listening.cancelled();
  }

  /** Resolves when everybody was handed all there is for them. */
  async handedOver(): Promise<void> {
    await Promise.all(this.all.map((listening) => listening.handedOver));
  }

  /** Resolves when it is known how much everybody heard, also of those who come meanwhile. */
  async over(): Promise<void> {
    while (this.all.some(({ hearing }) => !hearing.isOver)) {
      await Promise.all(this.all.map(({ hearing }) => hearing.over));
    }
    this.#isOver = true;
  }

  /** The line is kept for a while when it is over; who heard it is not. */
  forget(): void {
    this.#clips.length = 0;
    this.#frames.length = 0;
    this.#byConnection.clear();
    this.#log.forgetClips();
  }

  #entranceOf(connection: V2Connection): Entrance {
    return entranceToFrames(this.#log, this.#record.lengthMs, this.#companyOf(connection, this.#frames));
  }

  /** With whom somebody hears the line who comes now: on the same wire if there are any. */
  #companyOf({ v2, player }: Connection, others: readonly Listening[]): Company {
    const isLast = this.#isLast();
    if (v2?.sync && this.cue.timeline.isSet) return { heardMs: this.cue.placeMs, inStep: true, isLast };
    const all = others.length > 0 ? others : this.all;
    const there = all.filter(({ connection }) => connection.isOpen && connection.player !== player);
    const places = (there.length > 0 ? there : all).flatMap(({ placeMs }) => placeMs ?? []);
    return { heardMs: places.length > 0 ? Math.max(...places) : undefined, inStep: false, isLast };
  }

  #addFrames(connection: V2Connection, entrance: Entrance): FrameListening {
    const { turns, limits } = this.#backstage;
    const line = {
      log: this.#log,
      record: this.#record,
      cue: this.cue,
      turns,
      rank: rankOf(this.#script),
      resumeMs: limits.resumeMs,
    };
    const listening = new FrameListening(connection, line, entrance);
    if (this.#isOver) return listening;
    this.#frames.push(listening);
    this.#byConnection.set(connection, listening);
    return listening;
  }
}

function isOf(listening: Listening, { player }: Connection): boolean {
  return listening.connection.player === player;
}

/** Who was there before and has heard all before it has missed nothing. */
function withoutGap(entrance: Entrance, before: Listening | undefined): Entrance {
  if (!before || entrance.fromMs > (before.placeMs ?? 0)) return entrance;
  return { ...entrance, isLate: false };
}
