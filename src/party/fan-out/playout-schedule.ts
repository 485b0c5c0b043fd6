import { deferred } from "../../core/async/deferred.ts";
import { Timeline } from "../../core/clock/timeline.ts";
import type { Sequencer } from "../transport/sequencer.ts";
import type { MessageLog } from "./message-log.ts";
import type { StartDelay } from "./start-delay.ts";

/** An utterance is begun earlier than was said where that saves more than this. */
const WORTHWHILE_MS = 50;
/** Sound that came so much too late to reach all in time is not worth a move. */
const TOLERANCE_MS = 15;
/** Speech that ran dry in mid-sentence is held back a little, and more when it happens again. */
const FIRST_CUSHION_MS = 200;
const LONGEST_CUSHION_MS = 1_600;
/** So long before sound runs dry a pause between words is looked for. */
const PAUSE_MARGIN_MS = 100;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** Sentences whose beginnings are remembered: an interrupted utterance goes back by one. */
const MAX_SENTENCES = 64;

/** A stretch of an utterance: places in it, and whether a sentence begins or ends there. */
export interface MadeSound {
  fromMs: number;
  toMs: number;
  begins: boolean;
  ends: boolean;
}

export interface PlayoutScheduleOptions {
  sequencer: Pick<Sequencer, "now">;
  messages: MessageLog;
  /** From sending to hearing. */
  startDelay: Pick<StartDelay, "ms">;
  /** Has listeners told that from that place on they hear the utterance from that time on. */
  tell: (fromMs: number, startAt: number) => void;
  /** The utterance is made elsewhere, and so is its schedule: there it is to be begun for somebody who is free then. */
  begin?: ((freeAt: number) => void) | undefined;
}

/** When one utterance is heard by everybody who keeps step, on the server's clock. */
export class PlayoutSchedule {
  readonly timeline: Timeline = new Timeline();
  readonly #options: PlayoutScheduleOptions;
  readonly #sentencesMs: number[] = [];
  #wordEndsMs: readonly number[] = [];
  #cushionMs = 0;
  /** Everyone waits there, between two words, for sound that is not made yet. */
  #pausedAtMs: number | undefined;
  #alarm: ReturnType<typeof setTimeout> | undefined;
  /** When another utterance began to speak into it. */
  #heldAt: number | undefined;
  /** Some of it was heard before another utterance spoke into it. */
  #hasBegun = false;
  #cancelledAt = Number.POSITIVE_INFINITY;
  readonly #timed = deferred();
  /** Resolves when it has a time. */
  readonly timed: Promise<void> = this.#timed.promise;
  /** The earliest time that was asked for where the schedule is made. */
  #askedFor = Number.POSITIVE_INFINITY;

  constructor(options: PlayoutScheduleOptions) {
    this.#options = options;
  }

  /** When all that was made of it will have been heard; undefined before it has a time. */
  get endAt(): number | undefined {
    const endAt = this.timeline.timeOf(this.#options.messages.lengthMs);
    return endAt === undefined ? undefined : Math.min(endAt, this.#cancelledAt);
  }

  /** Whether it has a time, and that is still to come. */
  get isPending(): boolean {
    const { startAt } = this.timeline;
    if (startAt === undefined || this.#isHeld || this.#cancelledAt !== Number.POSITIVE_INFINITY) return false;
    return startAt > this.soonest;
  }

  /** ms until then; while another utterance speaks into it, all that it had left when that began. */
  get leftMs(): number {
    return Math.max(0, (this.endAt ?? 0) - this.#now);
  }

  /** How far it was heard, or where it goes on, ms; undefined before it begins. */
  get placeMs(): number | undefined {
    return this.timeline.placeAt(this.#now) ?? (this.#hasBegun ? 0 : undefined);
  }

  /** When what is left of it at that time is heard. */
  restAt(at: number): number {
    return this.timeline.timeOf(this.timeline.placeAt(at) ?? 0) ?? Number.POSITIVE_INFINITY;
  }

  /** The earliest that something sent now is heard by all. */
  get soonest(): number {
    return this.#options.sequencer.now() + this.#options.startDelay.ms;
  }

  /**
   * The utterance is about to be handed to somebody who is free from `freeAt` on. The first one sets its time; one
   * who is free earlier may still set it earlier: nobody waits for the slowest.
   */
  start(freeAt: number): void {
    const { begin } = this.#options;
    if (begin) {
      if (this.#askedFor - freeAt <= WORTHWHILE_MS) return;
      this.#askedFor = freeAt;
      begin(freeAt);
      return;
    }
    const { soonest } = this;
    const startAt = Math.max(soonest, freeAt);
    const known = this.timeline.startAt;
    if (known === undefined || (known > soonest && known - startAt > WORTHWHILE_MS)) this.move(0, startAt);
  }

  /** Sound was made. Where it comes too late for all to hear it in time, they all pause before it. */
  made({ fromMs, toMs, begins, ends }: MadeSound): void {
    if (begins) this.#noteSentence(fromMs);
    if (this.#pausedAtMs !== undefined) this.#endPause();
    else this.#catchUp(fromMs, begins);
    clearTimeout(this.#alarm);
    if (!ends && !this.#isHeld) this.#watch(toMs);
  }

  /** Words of the sentence that is being made end at these places. */
  words(endsMs: readonly number[]): void {
    this.#wordEndsMs = endsMs;
  }

  /** From that place on everyone hears the utterance at another time. */
  move(fromMs: number, startAt: number): void {
    this.timeline.move(fromMs, startAt);
    this.#timed.resolve();
    this.#options.tell(fromMs, startAt);
  }

  /** The same was decided where the utterance is made. */
  follow(fromMs: number, startAt: number): void {
    this.timeline.move(fromMs, startAt);
  }

  /** Nothing more of it is made. */
  close(): void {
    clearTimeout(this.#alarm);
  }

  /** Another utterance speaks into it. */
  hold(): void {
    this.close();
    this.#pausedAtMs = undefined;
    this.#heldAt ??= this.#options.sequencer.now();
  }

  /** The other is not heard after all. */
  release(): void {
    this.#heldAt = undefined;
  }

  /**
   * It goes on from the sentence that was heard when the other spoke into it; returns when it will be over.
   * @param heldAt when that was @param at when the other is over
   */
  goOn(heldAt: number, at: number): number | undefined {
    this.#heldAt = undefined;
    const placeMs = this.timeline.placeAt(heldAt);
    this.#hasBegun ||= placeMs !== undefined;
    const heardMs = placeMs ?? 0;
    const fromMs = this.#sentencesMs.findLast((ms) => ms <= heardMs) ?? 0;
    this.move(fromMs, Math.max(at, this.soonest));
    return this.endAt;
  }

  /** Nothing of it is heard any more. */
  cancel(): void {
    this.close();
    this.#cancelledAt = this.#options.sequencer.now();
  }

  get #now(): number {
    return this.#heldAt ?? this.#options.sequencer.now();
  }

  get #isHeld(): boolean {
    return this.#heldAt !== undefined;
  }

  #catchUp(fromMs: number, begins: boolean): void {
    const dueAt = this.timeline.timeOf(fromMs);
    if (dueAt === undefined || this.#isHeld) return;
    const { soonest } = this;
    if (dueAt >= soonest - TOLERANCE_MS) return;
    this.move(fromMs, soonest + (begins ? 0 : this.#growCushion()));
  }

  #growCushion(): number {
    this.#cushionMs = Math.min(LONGEST_CUSHION_MS, this.#cushionMs * 2 || FIRST_CUSHION_MS);
    return this.#cushionMs;
  }

  /** Looks again shortly before what was made has been heard: it is not the end of a sentence. */
  #watch(toMs: number): void {
    const dryAt = this.timeline.timeOf(toMs);
    if (dryAt === undefined) return;
    const waitMs = dryAt - this.soonest - PAUSE_MARGIN_MS;
    this.#alarm = setTimeout(() => this.#pause(toMs), Math.max(0, waitMs));
  }

  /** Sound will run dry in mid-sentence: better to pause between two words than within one. */
  #pause(toMs: number): void {
    const { soonest } = this;
    const gapMs = this.#wordEndsMs.findLast((ms) => ms <= toMs && (this.timeline.timeOf(ms) ?? 0) >= soonest);
    if (gapMs === undefined) return;
    this.#pausedAtMs = gapMs;
    this.#stayPaused(FIRST_PAUSE_MS);
  }

  /** For how long nobody knows: the pause is made longer before it is over. */
  #stayPaused(ms: number): void {
    if (this.#pausedAtMs === undefined) return;
    this.move(this.#pausedAtMs, this.soonest + ms);
    this.#alarm = setTimeout(() => this.#stayPaused(Math.min(2 * ms, LONGEST_PAUSE_MS)), ms);
  }

  #endPause(): void {
    if (this.#pausedAtMs !== undefined) this.move(this.#pausedAtMs, this.soonest + this.#growCushion());
    this.#pausedAtMs = undefined;
  }

  #noteSentence(ms: number): void {
    this.#sentencesMs.push(ms);
    if (this.#sentencesMs.length > MAX_SENTENCES) this.#sentencesMs.shift();
  }
}
