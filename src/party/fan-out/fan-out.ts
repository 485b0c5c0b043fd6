import type { TimeSlicer } from "../../core/async/time-slicer.ts";
import type { HeardMessage } from "../../core/protocol/v2.ts";
import { piecesOf } from "../../core/text/sentences/cut-point.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import { dm20Text, kindOf, type ResolvedRequest, rankOf } from "../request/resolved-request.ts";
import type { UtteranceLimits } from "../request/utterance-limits.ts";
import type { Wants } from "../request/wants.ts";
import { type Connection, isV2, type V2Connection } from "../transport/connection.ts";
import type { Sequencer } from "../transport/sequencer.ts";
import { ClipSubscription } from "./clip-subscription.ts";
import type { Dm20History } from "./dm20-history.ts";
import {
  BEGINNING,
  type Company,
  type Entrance,
  entranceAt,
  entranceToClips,
  entranceToFrames,
} from "./entrance.ts";
import { FrameSubscription, RELOAD_MS } from "./frame-subscription.ts";
import type { CarriedLine } from "./line-parts.ts";
import { type LoggedMessage, type MessageLog, postLogged } from "./message-log.ts";
import { PlayoutSchedule } from "./playout-schedule.ts";
import { StartDelay } from "./start-delay.ts";
import type { Subscription } from "./subscription.ts";
import type { UtteranceAudio } from "./utterance-audio.ts";

/** Characters of a text in one dm20 message. */
const MAX_TEXT_CHARS = 16_384;

/** What handing an utterance to its listeners shares with the others of its party. */
export interface FanOutContext {
  /** Who wants to hear what. */
  wants: Wants;
  dm20History: Dm20History;
  timeSlicer: TimeSlicer;
  sequencer: Sequencer;
  limits: UtteranceLimits;
}

/** The listeners of one utterance, on either wire, and the texts they have been sent. */
export class FanOut {
  readonly #request: ResolvedRequest;
  readonly #context: FanOutContext;
  readonly #audio: UtteranceAudio;
  readonly #messages: MessageLog;
  /** When those in step hear it. */
  readonly schedule: PlayoutSchedule;
  readonly #clips: ClipSubscription[] = [];
  readonly #frames: FrameSubscription[] = [];
  /** Every listener reports about once a second. */
  readonly #byConnection = new Map<Connection, Subscription>();
  readonly #dm20Texts: string[] = [];
  readonly #isLast: () => boolean;
  readonly #carried: CarriedLine | undefined;
  #hasBegun = false;
  #isOver = false;

  /**
   * @param utterance.isLast whether no sentence follows those that have sound @param utterance.move has listeners told of it
   */
  constructor(
    request: ResolvedRequest,
    context: FanOutContext,
    {
      audio,
      messages,
      isLast,
      move,
      carried,
    }: {
      audio: UtteranceAudio;
      messages: MessageLog;
      isLast: () => boolean;
      move: (fromMs: number, startAt: number) => void;
      carried?: CarriedLine | undefined;
    },
  ) {
    this.#isLast = isLast;
    this.#carried = carried;
    this.#request = request;
    this.#context = context;
    this.#audio = audio;
    this.#messages = messages;
    const { sequencer } = context;
    this.schedule = new PlayoutSchedule({
      sequencer,
      messages,
      startDelay: new StartDelay(
        () => [
          ...this.connectionsInStep.map(({ v2 }) => v2.latencyMs),
          ...(carried ? [carried.elsewhere.latencyMs] : []),
        ],
        () => sequencer.now(),
      ),
      tell: move,
      begin: carried && !carried.sink ? (freeAt) => carried.start(freeAt) : undefined,
    });
  }

  /** Connections that keep step, as far as they are there. */
  get connectionsInStep(): readonly V2Connection[] {
    return this.#frames
      .filter((subscription) => !subscription.isAbsent && subscription.connection.v2.sync)
      .map(({ connection }) => connection);
  }

  /** Everybody who listens or listened. */
  get all(): readonly Subscription[] {
    return [...this.#clips, ...this.#frames];
  }

  /** The encodings that the next sentence is needed in. */
  get encodings(): Encoding[] {
    const encodings = new Set<Encoding>(this.#clips.some(({ isWanted }) => isWanted) ? ["dm20"] : []);
    for (const { encoding } of this.#frames) if (encoding) encodings.add(encoding);
    return [...encodings];
  }

  /** All who are here from the beginning were added. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** Lets a connection listen: the text so far now, on dm20 the audio from where the others are. */
  add(connection: Connection): Subscription {
    if (isV2(connection)) {
      for (const message of this.#messages.after(0))
        if (!message.isOfSound || this.#isWanted(connection)) postLogged(connection, message);
      return this.#addFrames(connection, BEGINNING);
    }
    // Those who are here from the beginning may be thousands.
    const clips = this.#hasBegun ? this.#clips : [];
    const vacant = clips.find((other) => other.isVacant && isOf(other, connection));
    const entrance = this.#hasBegun
      ? entranceToClips(this.#audio, this.#companyOf(connection, clips))
      : BEGINNING;
    const utterance = {
      audio: this.#audio,
      timeSlicer: this.#context.timeSlicer,
      rank: rankOf(this.#request),
      isWanted: this.#isWanted(connection),
      reloadMs: Math.min(RELOAD_MS, this.#context.limits.resumeMs),
      onToldBefore: (texts: readonly string[]) => this.#context.dm20History.told(connection, texts),
    };
    const subscription = new ClipSubscription(connection, utterance, withoutGap(entrance, vacant));
    // Who lost the connection may ask for what was missed, and then is not told twice.
    const mayAsk = clips.some(
      (other) => isOf(other, connection) && !other.connection.isOpen && other.connection.mayReturn,
    );
    subscription.tellSoFar(this.#dm20Texts, mayAsk);
    if (this.#isOver) return subscription;
    this.#clips.push(subscription);
    this.#byConnection.set(connection, subscription);
    if (vacant) subscription.takeOver(vacant);
    return subscription;
  }

  /**
   * Lets a connection go on with the frame `sequence`, or else where the others are, in the place of one
   * of the same player that has ended; the text it has missed is not sent here.
   * @param isTold whether it has been told of the beginning, and so in what the sound comes
   */
  resume(connection: V2Connection, sequence: number | undefined, isTold: boolean): Subscription {
    const own = this.#frames.filter((other) => other.isVacant && isOf(other, connection));
    const vacant = own.find(({ isAbsent }) => isAbsent) ?? own[0];
    const entrance =
      sequence === undefined
        ? withoutGap(this.#entranceOf(connection), vacant)
        : entranceAt(this.#audio, sequence, this.#messages.lengthMs);
    if (!vacant) return this.#addFrames(connection, entrance);
    vacant.moveTo(connection, entrance, isTold);
    this.#byConnection.set(connection, vacant);
    return vacant;
  }

  /** Tells dm20 listeners a whole text, in as many messages as it takes. @param at ms since the epoch */
  tellWhole(text: string, at: number): void {
    const pieces = piecesOf(text, MAX_TEXT_CHARS);
    for (const piece of pieces) this.tellText(piece, pieces.length > 1, at);
  }

  /** Tells dm20 listeners a text, where the line's text is sent at all. @param isPiece others belong to it */
  tellText(text: string, isPiece: boolean, at: number): void {
    if (!this.#request.sendText || text === "") return;
    const message = dm20Text(this.#request, text, isPiece ? this.#dm20Texts.length : undefined, at);
    this.#dm20Texts.push(message);
    const { to } = this.#request;
    const { firstOffset } = this.#messages;
    this.#context.dm20History.add({ to, firstOffset, at, message });
    for (const subscription of this.#clips) subscription.tell(message);
  }

  /** Tells v2 listeners a message of the log. */
  tell(message: LoggedMessage): void {
    for (const subscription of this.#frames) subscription.tellLogged(message);
  }

  /** What a listener says about how much it heard. @returns whether there was sound of it to be heard */
  heard(connection: Connection, report: HeardMessage): boolean {
    const subscription = this.#byConnection.get(connection) ?? this.#handOn(connection);
    subscription?.heard(report);
    return !this.#messages.isCancelled && (subscription?.handedMs ?? 0) > 0;
  }

  /** A listener who lost the connection after everything was handed over still hears it, and reports on a new connection. */
  #handOn(connection: Connection): FrameSubscription | undefined {
    const left = this.#frames.find((other) => other.isOver && other.isVacant && isOf(other, connection));
    if (!left || !isV2(connection)) return undefined;
    left.handOn(connection);
    this.#byConnection.set(connection, left);
    return left;
  }

  /** A connection has ended: who was handed everything may still have been hearing it. */
  left(connection: Connection): void {
    const subscription = this.#byConnection.get(connection);
    this.#byConnection.delete(connection);
    subscription?.playback.left();
    if (subscription?.connection === connection && subscription.isOver) subscription.abandon();
  }

  /** The utterance was cancelled. */
  cancelled(): void {
    for (const subscription of this.all) subscription.cancelled();
  }

  /** Resolves when everybody was handed all there is for them. */
  async handedOver(): Promise<void> {
    await Promise.all(this.all.map((subscription) => subscription.handedOver));
  }

  /** Resolves when it is known how much everybody heard, also of those who come meanwhile. */
  async heardByAll(): Promise<void> {
    while (this.all.some(({ playback }) => !playback.isOver))
      await Promise.all(this.all.map(({ playback }) => playback.over));
  }

  /** It is kept for a while when it is over; who heard it is not. */
  forget(): void {
    this.#isOver = true;
    this.#clips.length = 0;
    this.#frames.length = 0;
    this.#byConnection.clear();
    this.#audio.forgetClips();
  }

  #isWanted(connection: Connection): boolean {
    return this.#context.wants(connection, kindOf(this.#request));
  }

  #entranceOf(connection: V2Connection): Entrance {
    return entranceToFrames(this.#audio, this.#messages.lengthMs, this.#companyOf(connection, this.#frames));
  }

  /** With whom somebody hears it who comes now: on the same wire if there are any. */
  #companyOf({ v2, player }: Connection, others: readonly Subscription[]): Company {
    const isLast = this.#isLast();
    if (v2?.sync && this.schedule.timeline.isSet)
      return { heardMs: this.schedule.placeMs, inStep: true, isLast };
    const all = others.length > 0 ? others : this.all;
    const there = all.filter(({ connection }) => connection.isOpen && connection.player !== player);
    const own = (there.length > 0 ? there : all).flatMap(({ placeMs }) => placeMs ?? []);
    const places = [...own, ...(there.length > 0 ? [] : [this.#carried?.heardMs ?? []].flat())];
    return { heardMs: places.length > 0 ? Math.max(...places) : undefined, inStep: false, isLast };
  }

  #addFrames(connection: V2Connection, entrance: Entrance): FrameSubscription {
    const { timeSlicer, limits } = this.#context;
    const utterance = {
      audio: this.#audio,
      messages: this.#messages,
      schedule: this.schedule,
      timeSlicer,
      rank: rankOf(this.#request),
      isWanted: this.#isWanted(connection),
      resumeMs: limits.resumeMs,
    };
    const subscription = new FrameSubscription(connection, utterance, entrance);
    if (this.#isOver) {
      // How the line was heard is known; who hears it once more changes nothing in that.
      subscription.playback.finish();
      return subscription;
    }
    this.#frames.push(subscription);
    this.#byConnection.set(connection, subscription);
    return subscription;
  }
}

function isOf(subscription: Subscription, { player }: Connection): boolean {
  return subscription.connection.player === player;
}

/** A listener who was there before and heard everything up to the entrance has missed nothing. */
function withoutGap(entrance: Entrance, before: Subscription | undefined): Entrance {
  if (!before || entrance.fromMs > (before.placeMs ?? 0)) return entrance;
  return { ...entrance, isLate: false };
}
