import type { TimeSlicer } from "../../core/async/time-slicer.ts";
import type { Connection } from "../transport/connection.ts";
import type { Rank } from "../transport/rank.ts";
import type { AudioClip } from "./audio-frame.ts";
import type { BufferCursor } from "./broadcast-buffer.ts";
import type { Entrance } from "./entrance.ts";
import { PlaybackReport } from "./playback-report.ts";
import { Subscription } from "./subscription.ts";
import type { UtteranceAudio } from "./utterance-audio.ts";

/** ms that who comes back has to ask for what was missed, before it is told unasked. */
const ASK_WITHIN_MS = 500;

/** Listening on the dm20 wire: clip after clip, as soon as they exist. */
export class ClipSubscription extends Subscription {
  readonly playback: PlaybackReport = new PlaybackReport(this);
  readonly connection: Connection;
  readonly fromMs: number;
  readonly #audio: UtteranceAudio;
  readonly #cursor: BufferCursor<AudioClip>;
  readonly #timeSlicer: TimeSlicer;
  readonly #reloadMs: number;
  /** Index after the last clip it was handed. */
  #next: number;
  #hasBegun = false;
  #isOver = false;
  #absence: ReturnType<typeof setTimeout> | undefined;
  /** Texts told before that may be asked for. */
  #held: readonly string[] = [];
  /** Texts told since, which come after those. */
  #heldBack: readonly string[] = [];
  readonly #onToldBefore: (texts: readonly string[]) => void;
  #holding: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param utterance.reloadMs for which it waits for a page that is loaded anew
   * @param utterance.onToldBefore gets the texts told before its listener came, when that is told them
   */
  constructor(
    connection: Connection,
    utterance: {
      audio: UtteranceAudio;
      timeSlicer: TimeSlicer;
      rank: Rank;
      isWanted: boolean;
      reloadMs: number;
      onToldBefore: (texts: readonly string[]) => void;
    },
    { index, fromMs, isLate }: Entrance,
  ) {
    super(utterance.rank, utterance.isWanted);
    this.connection = connection;
    this.#audio = utterance.audio;
    this.#timeSlicer = utterance.timeSlicer;
    this.#reloadMs = utterance.reloadMs;
    this.#onToldBefore = utterance.onToldBefore;
    this.fromMs = fromMs;
    this.#next = index ?? utterance.audio.clips.head;
    this.#cursor = utterance.audio.clips.open(index);
    if (isLate) this.lose("late");
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isHandedWhole(): boolean {
    return this.lost === undefined && (!this.isWanted || this.#next === this.#audio.clips.head);
  }

  get placeMs(): number | undefined {
    return this.connection.playout.placeIn(this);
  }

  get leftMs(): number {
    return this.connection.playout.leftOf(this);
  }

  /** Sends a text message of the utterance, outside the order of the audio. */
  tell(message: string): void {
    if (this.#holding !== undefined) this.#heldBack = [...this.#heldBack, message];
    else if (!this.connection.post(message, { canBeLate: true })) this.lose("behind");
  }

  /** Tells what was told before; to who may ask for it, a little later, but before the sound that comes. */
  tellSoFar(texts: readonly string[], mayAsk: boolean): void {
    this.#held = [...texts];
    if (!mayAsk || texts.length === 0) {
      this.#tellHeld();
      return;
    }
    void this.pause();
    this.#holding = setTimeout(() => this.#tellHeld(), ASK_WITHIN_MS);
  }

  override answered(): void {
    const { heldBack } = this.#letGo();
    for (const text of heldBack) this.tell(text);
  }

  #tellHeld(): void {
    const { held, heldBack } = this.#letGo();
    if (held.length > 0) this.#onToldBefore(held);
    for (const text of [...held, ...heldBack]) this.tell(text);
  }

  #letGo(): { held: readonly string[]; heldBack: readonly string[] } {
    const left = { held: this.#held, heldBack: this.#heldBack };
    clearTimeout(this.#holding);
    if (this.#holding !== undefined) this.resume();
    this.#holding = undefined;
    this.#held = this.#heldBack = [];
    return left;
  }

  async send(): Promise<void> {
    this.#hasBegun = true;
    while (await this.#cursor.follow(() => this.#sendAll())) {
      await this.#timeSlicer.pass();
      while (this.goingOn) await this.goingOn;
      // Cancelled or dropped meanwhile: a clip that has not begun does not begin.
      if (!this.connection.isOpen) break;
      const clip = this.#cursor.take();
      if (!clip || !this.isWanted) continue;
      this.#tellHeld();
      if (!(await this.hand(this.connection, clip.messages))) break;
      this.#count(clip);
    }
    if (this.connection.isOpen) this.#end();
  }

  /** Where nobody else listens speech goes on for a moment: the page may be loaded anew. */
  abandon(): void {
    this.connection.playout.stop();
    this.resume();
    if (this.#isOver) this.playback.leave(this.#reloadMs);
    else if (this.#audio.readers > 1) {
      this.lose(this.playback.gone ?? "left");
      this.#end();
    } else this.#absence ??= setTimeout(() => this.giveUp(), this.#reloadMs);
  }

  /** Whether its connection has ended, and another one of the same player may take its place. */
  get isVacant(): boolean {
    return !this.connection.isOpen && !this.playback.isOver;
  }

  /** Goes on where another device of the same player was, which is not there any more. */
  takeOver(other: ClipSubscription): void {
    this.playback.goOn(this.fromMs, other.playback.heardMs);
    this.addHanded(0, Math.min(other.handedMs, this.fromMs));
    other.giveUp();
  }

  /** Nobody comes back to it, or another connection has taken its place. */
  giveUp(): void {
    this.lose(this.playback.gone ?? "behind");
    this.#end();
    this.playback.finish();
  }

  /** A clip that is being sent is completed; this wire cannot say more. */
  drop(): void {
    this.lose("dropped");
    this.#cursor.close();
    this.cancelled();
  }

  /** Nothing is begun any more; who has not had their turn need not wait for it. */
  cancelled(): void {
    if (this.#hasBegun && this.connection.isOpen && !this.#isOver) this.resume();
    else this.#end();
    this.playback.finish();
  }

  /** Sends clips as long as nothing of those before waits, which is the rule. */
  #sendAll(): void {
    if (!this.isWanted) {
      while (this.#cursor.take());
      return;
    }
    if (this.isPaused || !this.connection.isOpen) return;
    const offer = (clip: AudioClip): boolean => {
      this.#tellHeld();
      return this.connection.offer(clip.messages, clip.bytes);
    };
    for (let clip = this.#cursor.take(offer); clip; clip = this.#cursor.take(offer)) this.#count(clip);
  }

  #count({ fromMs, durationMs }: AudioClip): void {
    this.#next += 1;
    this.addHanded(fromMs, durationMs);
    this.connection.playout.add(this, fromMs, durationMs);
  }

  #end(): void {
    clearTimeout(this.#absence);
    if (this.#isOver) return;
    this.#tellHeld();
    this.#isOver = true;
    // Sentences spoken before the first dm20 listener came were not made as clips.
    if (this.#audio.lacksClips) this.lose("late");
    this.#cursor.close();
    this.settle();
    this.playback.expectLast();
  }
}
