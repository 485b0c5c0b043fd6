import type { HeardMessage } from "../core/v2.ts";
import type { Encoding } from "../engines/sentence-job.ts";
import type { Backstage } from "./backstage.ts";
import { ClipListening } from "./clip-listening.ts";
import { type Connection, isV2, type V2Connection } from "./connection.ts";
import { Cue } from "./cue.ts";
import { FrameListening } from "./frame-listening.ts";
import { Lead } from "./lead.ts";
import { type LineRecord, postRecorded, type RecordedMessage } from "./line-record.ts";
import type { Listening } from "./listening.ts";
import { dm20Text, rankOf, type Script } from "./script.ts";
import type { SpeechLog } from "./speech-log.ts";

/** Who listens to one line, on either wire, and what they have been told of it. */
export class Listeners {
  readonly #script: Script;
  readonly #backstage: Backstage;
  readonly #log: SpeechLog;
  readonly #record: LineRecord;
  /** When those in step hear it. */
  readonly cue: Cue;
  readonly #clips: ClipListening[] = [];
  readonly #frames: FrameListening[] = [];
  /** Every listener reports about once a second. */
  readonly #byConnection = new Map<Connection, FrameListening>();
  readonly #dm20Texts: string[] = [];
  #isOver = false;

  constructor(script: Script, backstage: Backstage, log: SpeechLog, record: LineRecord) {
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

  /** Lets a connection listen: the text so far now, the audio from the next sentence on. */
  add(connection: Connection): Listening {
    if (isV2(connection)) {
      for (const message of this.#record.after(0)) postRecorded(connection, message);
      return this.#addFrames(connection);
    }
    const listening = new ClipListening(connection, this.#log, this.#backstage.turns, rankOf(this.#script));
    this.#clips.push(listening);
    for (const text of this.#dm20Texts) listening.tell(text);
    return listening;
  }

  /**
   * Lets a connection go on with the frame `sequence`, or else with the next sentence, in the place of one of
   * the same player that was lost; the text it has missed is not sent here.
   * @param isTold whether it has been told of the beginning, and so in what the sound comes
   */
  resume(connection: V2Connection, sequence: number | undefined, isTold: boolean): Listening {
    const lost = this.#frames.find(
      (other) => other.isAbsent && other.connection.player === connection.player,
    );
    if (!lost) return this.#addFrames(connection, sequence);
    lost.moveTo(connection, sequence, isTold);
    this.#byConnection.set(connection, lost);
    return lost;
  }

  /** Tells dm20 listeners a text. */
  tellText(text: string): void {
    const message = dm20Text(this.#script, text, this.#dm20Texts.length);
    this.#dm20Texts.push(message);
    for (const listening of this.#clips) listening.tell(message);
  }

  /** Tells v2 listeners what was recorded. */
  tell(message: RecordedMessage): void {
    for (const listening of this.#frames) listening.tellRecorded(message);
  }

  /** What a listener says about how much it heard. */
  heard(connection: Connection, report: HeardMessage): void {
    const listening = this.#byConnection.get(connection) ?? this.#handOn(connection);
    listening?.heard(report);
  }

  /** Who lost the connection when everything was handed over goes on hearing it, and says so on another one. */
  #handOn(connection: Connection): FrameListening | undefined {
    const left = this.#frames.find(
      (other) => other.isLeft && other.connection.player === connection.player && !other.hearing.isOver,
    );
    if (!left || !isV2(connection)) return undefined;
    left.handOn(connection);
    this.#byConnection.set(connection, left);
    return left;
  }

  /** The line was cancelled. */
  cancelled(): void {
    for (const listening of this.all) listening.cancelled();
  }

  /** Resolves when everybody was handed all there is for them. */
  async handedOver(): Promise<void> {
    await Promise.all(this.all.map((listening) => listening.handedOver));
  }

  /** Resolves when it is known how much everybody heard; who comes later changes nothing. */
  async over(): Promise<void> {
    await Promise.all(this.all.map((listening) => listening.over));
    this.#isOver = true;
  }

  /** The line is kept for a while when it is over; who heard it is not. */
  forget(): void {
    this.#clips.length = 0;
    this.#frames.length = 0;
    this.#byConnection.clear();
  }

  #addFrames(connection: V2Connection, sequence?: number): FrameListening {
    const { turns, limits } = this.#backstage;
    const line = {
      log: this.#log,
      record: this.#record,
      cue: this.cue,
      turns,
      rank: rankOf(this.#script),
      resumeMs: limits.resumeMs,
    };
    const listening = new FrameListening(connection, line, sequence);
    if (this.#isOver) return listening;
    this.#frames.push(listening);
    this.#byConnection.set(connection, listening);
    return listening;
  }
}
