import type { Codec, HelloMessage, ListenerState, ResumePoint, SettingsMessage } from "../core/v2.ts";
import { Ladder } from "./ladder.ts";
import { Playout } from "./playout.ts";

/** ms of sound that is sent ahead of the ear: little of it is bytes as Opus, much as PCM. */
const LEAD_MS: Readonly<Record<Codec, number>> = { opus: 30_000, pcm16: 5_000 };

/** What a v2 connection asked for, and how it copes. */
export class V2Listener {
  readonly playout: Playout = new Playout();
  /** Where its client was when it lost the connection before. */
  readonly resume: ResumePoint | undefined;
  readonly ladder: Ladder = new Ladder();
  /** Wants word times. */
  captions: boolean;
  /** What lines that begin now are sent in. */
  codec: Codec;
  /** What its client said last about how it hears. */
  #reported: ListenerState = "playing";

  constructor(hello: HelloMessage) {
    this.codec = hello.codecs[0] ?? "pcm16";
    this.captions = hello.captions ?? true;
    this.resume = hello.resume;
  }

  /** ms of sound that is sent ahead. */
  get leadMs(): number {
    return LEAD_MS[this.codec];
  }

  /** How it hears, by its own word and by what the ladder sees. */
  get state(): ListenerState {
    if (this.ladder.encodingFor(this.codec) === undefined) return "text-only";
    return this.ladder.rung > 0 && this.#reported === "playing" ? "lagging" : this.#reported;
  }

  /** What its client says about how it hears. */
  report(state: ListenerState): void {
    this.#reported = state;
    this.ladder.report(state === "lagging");
  }

  change({ muted, codec, captions }: SettingsMessage): void {
    this.captions = captions ?? this.captions;
    this.codec = codec ?? this.codec;
    if (muted !== undefined) this.#reported = muted ? "muted" : "playing";
  }
}
