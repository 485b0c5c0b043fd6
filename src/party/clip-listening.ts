import type { Turnstile } from "../core/turn.ts";
import type { Connection } from "./connection.ts";
import { type Heard, Listening, type Rank } from "./listening.ts";
import type { SpeechLog, SpokenClip } from "./speech-log.ts";
import type { TrackCursor } from "./track.ts";

/** Listening on the dm20 wire: clip after clip, as soon as they exist. */
export class ClipListening extends Listening {
  readonly connection: Connection;
  readonly over: Promise<void>;
  readonly #log: SpeechLog;
  readonly #cursor: TrackCursor<SpokenClip>;
  readonly #turns: Turnstile;
  #clips = 0;
  #isOnStage = false;

  constructor(connection: Connection, log: SpeechLog, turns: Turnstile, rank: Rank) {
    super(rank);
    this.connection = connection;
    this.over = this.handedOver;
    this.#log = log;
    this.#cursor = log.clips.open();
    this.#turns = turns;
  }

  get hearing(): Heard {
    return { heardMs: this.handedMs, state: this.#clips > 0 ? "playing" : "text-only", underruns: 0 };
  }

  get complete(): boolean {
    return !this.lost && this.#clips === this.#log.clips.head;
  }

  /** Sends a text message of the line, outside the order of the audio. */
  tell(message: string): void {
    if (!this.connection.post(message)) this.lost = true;
  }

  async perform(): Promise<void> {
    this.#isOnStage = true;
    while (await this.#cursor.follow(() => this.#keepUp())) {
      await this.#turns.pass();
      while (this.goingOn) await this.goingOn;
      // Cancelled or dropped meanwhile: a clip that has not begun does not begin.
      const clip = this.#cursor.take();
      if (!clip) continue;
      if (!(await this.hand(this.connection, clip.messages))) break;
      this.#count(clip);
    }
    this.#end();
  }

  abandon(): void {
    this.lost = true;
    this.#end();
  }

  /** A clip that is being sent is completed; this wire cannot say more. */
  drop(): void {
    this.lost = true;
    this.#cursor.close();
    this.cancelled();
  }

  /** Nothing is begun any more; who has not had their turn need not wait for it. */
  cancelled(): void {
    if (this.#isOnStage) this.resume();
    else this.#end();
  }

  /** Sends clips as long as nothing of those before waits, which is the rule. */
  #keepUp(): void {
    if (this.isPaused) return;
    const offer = (clip: SpokenClip): boolean => this.connection.offer(clip.messages, clip.bytes);
    for (let clip = this.#cursor.take(offer); clip; clip = this.#cursor.take(offer)) this.#count(clip);
  }

  #count({ durationMs }: SpokenClip): void {
    this.#clips += 1;
    this.handedMs += durationMs;
  }

  #end(): void {
    this.#cursor.close();
    this.settle();
  }
}
