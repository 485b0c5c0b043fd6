import type { Codec, HelloMessage, ListenerState, ResumePoint, SettingsMessage } from "../core/v2.ts";
import type { FrameEncoding } from "../engines/sentence-job.ts";
import { Ladder } from "./ladder.ts";
import { Playout } from "./playout.ts";

/** ms of sound that is sent ahead of the ear: little of it is bytes as Opus, much as PCM. */
const LEAD_MS: Readonly<Record<Codec, number>> = { opus: 30_000, pcm16: 5_000 };

/** What a v2 connection asked for, and how it copes. */
export class V2Listener {
  readonly playout: Playout = new Playout();
  /** Where its client was when it lost the connection before. */
  readonly resume: ResumePoint | undefined;
  /** Wants word times. */
  captions: boolean;
  /** Wants to play in step with the others. */
  sync: boolean;
  /** What its client said last about how it hears. */
  #reported: ListenerState = "playing";
  #codec: Codec;
  #ladder: Ladder;

  constructor(hello: HelloMessage) {
    this.#codec = hello.codecs[0] ?? "pcm16";
    this.#ladder = new Ladder(this.#codec);
    this.captions = hello.captions ?? true;
    this.sync = hello.sync ?? true;
    this.resume = hello.resume;
  }

  get codec(): Codec {
    return this.#codec;
  }

  get ladder(): Ladder {
    return this.#ladder;
  }

  /** ms of sound that is sent ahead. */
  get leadMs(): number {
    return LEAD_MS[this.#codec];
  }

  /** How it hears, by its own word and by what the ladder sees. */
  get state(): ListenerState {
    if (this.#ladder.encoding === undefined) return "text-only";
    return this.#ladder.rung > 0 && this.#reported === "playing" ? "lagging" : this.#reported;
  }

  /** What its client says about how it hears. */
  report(state: ListenerState): void {
    this.#reported = state;
    this.#ladder.report(state === "lagging");
  }

  change({ muted, codec, captions, sync }: SettingsMessage): void {
    this.captions = captions ?? this.captions;
    this.sync = sync ?? this.sync;
    if (muted !== undefined) this.#reported = muted ? "muted" : "playing";
    if (codec === undefined || codec === this.#codec) return;
    this.#codec = codec;
    this.#ladder = new Ladder(codec);
  }

  /** Which of the encodings that were made it is sent now; undefined for none. */
  encodingOf(made: ReadonlyMap<FrameEncoding, unknown>): FrameEncoding | undefined {
    const { encoding } = this.#ladder;
    if (encoding === undefined || made.has(encoding)) return encoding;
    // A change of quality reaches the sentence after the next.
    return [...made.keys()].find((other) => (other === "pcm16") === (encoding === "pcm16"));
  }
}
