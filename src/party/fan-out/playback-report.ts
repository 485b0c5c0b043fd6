import { deferred } from "../../core/async/deferred.ts";
import type { MissedReason } from "../../core/protocol/api.ts";
import type { ListenerState } from "../../core/protocol/presence.ts";
import { type HeardMessage, PACKET_SAMPLES, V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import type { Connection } from "../transport/connection.ts";
import { ANSWER_WITHIN_MS } from "../transport/life-signs.ts";

const PACKET_MS = (1000 * PACKET_SAMPLES) / V2_SAMPLE_RATE;
/** How long a listener has to say how much it heard, or that it is there, after it should have heard all of it. */
const GRACE_MS = 2_000;
/** Clients report once a second; one that has said nothing for this long is not listening any more. */
const SILENT_AFTER_MS = 5_000;
/** Shortest wait before looking again whether another utterance is over. */
const SHORTEST_WAIT_MS = 100;
/** With less than this left, only listeners who are sure to come back are waited for. */
const NEAR_END_MS = 8_000;
/** Close codes: of a page that goes away, perhaps to be reloaded; of one that closes the connection itself, with or without a code. */
const CLOSED_BY_PAGE = 1001;
const CLOSED_BY_CLIENT: ReadonlySet<number | undefined> = new Set([1000, 1005]);
/** So often it is given more time while it says that it is still hearing. */
const MAX_PATIENCE = 15;
/** A listener whose last report came this long before the end skipped to the next utterance. */
const SKIPPED_MS = 1_000;
/** So much may be missing of an utterance that counts as heard: less than a word. */
const MISSED_MS = 250;
/** And of a short one this share. */
const MISSED_SHARE = 0.1;

/** What the server knows about an utterance at one listener, apart from the listener's own reports. */
export interface Handover {
  readonly connection: Connection;
  /** ms of audio handed over. */
  readonly handedMs: number;
  /** Where in the utterance it began, ms. */
  readonly fromMs: number;
  /** ms of the utterance that had to be heard by now; undefined: it has not begun. */
  readonly placeMs: number | undefined;
  /** ms until what was handed over will have been heard. */
  readonly leftMs: number;
  /** ms of audio handed over that lie between two places of the utterance. */
  handedBetween(fromMs: number, toMs: number): number;
}

/**
 * How one listener hears an utterance, until it is known how much it heard in the end: by its own word, and where it has
 * none, by the time that has passed and a sign of life.
 */
export class PlaybackReport {
  /** Resolves when it is known. */
  readonly over: Promise<void>;
  readonly #handover: Handover;
  readonly #over = deferred();
  #state: ListenerState | undefined;
  #underruns = 0;
  #skewMs: number | undefined;
  #saidMs = 0;
  #saidAt: number | undefined;
  /** Heard on a page that was there before. */
  #beforeMs = 0;
  /** No more than this was heard: its page gave no sign of life. */
  #mostMs = Infinity;
  /** What was heard when that connection ended. */
  #ended: { connection: Connection; heardMs: number } | undefined;
  #lastWord: HeardMessage | undefined;
  #patience = MAX_PATIENCE;
  #isOver = false;
  /** It was asked for a sign of life, and has not given any. */
  #isSought = false;
  #reason: MissedReason | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(handover: Handover) {
    this.#handover = handover;
    this.over = this.#over.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Times its sound ran dry, as it says: at most once a packet. */
  get underruns(): number {
    return Math.min(this.#underruns, Math.ceil(this.#handover.handedMs / PACKET_MS));
  }

  /** ms by which it played late, while it kept step. */
  get skewMs(): number | undefined {
    return this.#skewMs;
  }

  /** As it says of the utterance, or else of itself. */
  get state(): ListenerState {
    const { connection, handedMs } = this.#handover;
    if (this.#state) return this.#state;
    if (connection.v2?.state === "muted") return "muted";
    return connection.v2 || handedMs === 0 ? "text-only" : "playing";
  }

  /** ms heard: as it says; of one that has no word for it, as it must be by the time. */
  get heardMs(): number {
    const { handedMs, fromMs, placeMs = fromMs } = this.#handover;
    // What was passed over was not heard, though its place is behind.
    const ms =
      this.#tells || this.#isOver
        ? this.#saidMs
        : Math.min(this.#handover.handedBetween(fromMs, placeMs), this.#limitMs);
    return Math.min(this.#beforeMs + ms, handedMs);
  }

  /** Why not all that was handed over was heard, or will be, as far as is known; undefined: it is. */
  get missed(): MissedReason | undefined {
    if (this.#isOver) return this.#reason;
    if (this.#isCovered) return undefined;
    return this.gone ?? (this.#isSilent ? "silent" : undefined);
  }

  /** How the listener went away; undefined while it is connected. */
  get gone(): "left" | "lost" | undefined {
    const { connection } = this.#handover;
    if (connection.isOpen) return undefined;
    return connection.mayReturn ? "lost" : "left";
  }

  /** @param isLast whether its last word is final */
  heard(report: HeardMessage, isLast: boolean): void {
    this.#saidMs = report.heardMs;
    this.#saidAt = performance.now();
    this.#state = report.state;
    this.#underruns = report.underruns;
    this.#skewMs = report.skewMs ?? this.#skewMs;
    this.#lastWord = report.ended ? report : undefined;
    if (report.ended && isLast) this.#finish(this.#missedBy(report));
  }

  /** It goes on on a page that counts anew, from that place of the utterance on. @param heardMs before that */
  goOn(fromMs: number, heardMs: number = this.heardMs): void {
    this.#beforeMs = Math.min(heardMs, fromMs);
    this.#saidMs = 0;
    this.#mostMs = Infinity;
  }

  /** All is handed over: its last word should come when it has heard everything; at once where there was nothing. */
  expectLast(): void {
    if (this.#isOver) return;
    const { handedMs, leftMs, connection } = this.#handover;
    if (!connection.isOpen) this.leave(GRACE_MS);
    else if (handedMs === 0) this.#wait(0, () => this.finish());
    else this.#wait(leftMs, () => this.#ask());
    if (leftMs > GRACE_MS && !connection.v2) connection.life.ask();
  }

  /** Its connection has ended: where it turns out that its page has closed it, nothing more was heard. */
  left(): void {
    const { connection } = this.#handover;
    if (this.#ended?.connection !== connection)
      this.#ended = { connection, heardMs: Math.max(0, this.heardMs - this.#beforeMs) };
  }

  /** Its connection has ended; after so many ms nobody comes back for the rest. */
  leave(withinMs: number): void {
    if (this.#isOver) return;
    const { leftMs } = this.#handover;
    this.left();
    const isAwaited = leftMs > NEAR_END_MS || this.#comesBackSoon;
    this.#wait(isAwaited ? Math.min(withinMs, leftMs) + GRACE_MS : 0, () => this.finish());
  }

  /** There is more to be handed over. */
  stopWaiting(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  /** No more will be known. */
  finish(): void {
    if (this.#lastWord) this.#finish(this.#missedBy(this.#lastWord));
    else this.#finish(this.missed ?? (this.#isSeen ? undefined : this.gone));
  }

  /** The time is over in which it should have heard everything. */
  #ask(): void {
    const { connection, leftMs } = this.#handover;
    // Another utterance has spoken into it.
    if (leftMs > 0) this.#wait(Math.max(leftMs, SHORTEST_WAIT_MS), () => this.#ask());
    else if (connection.v2) this.#wait(GRACE_MS, () => void this.#doubt());
    else void this.#seek();
  }

  /** Looks for a sign of life where there is no word. */
  async #seek(): Promise<void> {
    const { connection } = this.#handover;
    const { life } = connection;
    const wait = this.#deadline;
    this.#isSought = true;
    const answers = life.hasSpoken
      ? await life.answers(GRACE_MS)
      : life.unansweredMs < ANSWER_WITHIN_MS && connection.backlogMs === 0;
    this.#isSought = !answers;
    // Meanwhile it may have gone on elsewhere.
    if (this.#isOver || this.#deadline !== wait) return;
    const isThere = answers && connection.isOpen;
    if (isThere) this.#saidMs = this.#handover.handedMs - this.#beforeMs;
    // It may have been gone since before the beginning: that the time is over proves nothing.
    else if (!this.#tells && connection.isOpen) this.#mostMs = 0;
    this.#finish(isThere ? undefined : (this.missed ?? "silent"));
  }

  /** The time is over, but a client that still reports may just be behind, or hearing another line before this one. */
  async #doubt(): Promise<void> {
    const wait = this.#deadline;
    if (!this.#tells) void this.#seek();
    else if (this.#lastWord) this.finish();
    else if (
      this.#patience-- > 0 &&
      (this.#isFresh || (await this.#handover.connection.life.answers(GRACE_MS)))
    ) {
      // Meanwhile its last word may have come, or it may have gone on elsewhere.
      if (!this.#isOver && this.#deadline === wait) this.#wait(GRACE_MS, () => void this.#doubt());
    } else if (this.#deadline === wait) this.#finish(this.missed ?? (this.#isCovered ? undefined : "silent"));
  }

  /** A word that is late is not a word of silence. */
  get #isFresh(): boolean {
    const saidAt = Math.max(this.#saidAt ?? -Infinity, this.#handover.connection.v2?.saidAt ?? -Infinity);
    return performance.now() - saidAt < GRACE_MS;
  }

  #finish(reason: MissedReason | undefined): void {
    this.stopWaiting();
    if (this.#isOver) return;
    this.#saidMs = this.heardMs - this.#beforeMs;
    this.#reason = reason;
    this.#isOver = true;
    this.#over.resolve();
  }

  #wait(ms: number, then: () => void): void {
    this.stopWaiting();
    this.#deadline = setTimeout(then, ms);
  }

  /** Why the last report leaves something out. Sound that a muted or text-only client let pass counts as had. */
  #missedBy({ state }: HeardMessage): MissedReason | undefined {
    if (this.#isCovered || state === "muted") return undefined;
    // It was heard until something took the sound: what was not heard is not had.
    if (state === "text-only") return this.heardMs > 0 ? "silent" : undefined;
    return this.#handover.leftMs > SKIPPED_MS ? "skipped" : "behind";
  }

  /** On dm20 who lost the connection has what was sent, and wants the next. */
  get #comesBackSoon(): boolean {
    const { closeCode, v2 } = this.#handover.connection;
    return closeCode === CLOSED_BY_PAGE || (v2 !== undefined && !CLOSED_BY_CLIENT.has(closeCode));
  }

  get #isCovered(): boolean {
    const { handedMs } = this.#handover;
    return this.heardMs >= handedMs - Math.min(MISSED_MS, handedMs * MISSED_SHARE);
  }

  /** Whether it has a word for what it hears. */
  get #tells(): boolean {
    return this.#saidAt !== undefined || this.#handover.connection.v2?.saidAt !== undefined;
  }

  /** Whether it was there in the end. Who was cut off, or left without answering the ping, may have been gone for long. */
  get #isSeen(): boolean {
    return this.#tells || (isClosedByPage(this.#handover.connection) && !this.#isSought);
  }

  /** No more than this can have been heard, by the time. */
  get #limitMs(): number {
    const { connection } = this.#handover;
    const ended = this.#ended;
    const isClosed = ended?.connection === connection && isClosedByPage(connection);
    return ended && isClosed ? Math.min(this.#mostMs, ended.heardMs) : this.#mostMs;
  }

  get #isSilent(): boolean {
    const { connection, placeMs = 0 } = this.#handover;
    const saidAt = connection.v2?.saidAt;
    if (saidAt === undefined || placeMs < SILENT_AFTER_MS) return false;
    return performance.now() - saidAt > SILENT_AFTER_MS;
  }
}

/** Nothing sounds any more; a page that lost its connection plays on what it has. */
function isClosedByPage({ closeCode }: Connection): boolean {
  return closeCode === CLOSED_BY_PAGE || CLOSED_BY_CLIENT.has(closeCode);
}
