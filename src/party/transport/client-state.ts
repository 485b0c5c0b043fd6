import type {
  Codec,
  HeardMessage,
  HelloMessage,
  ListenerState,
  ResumePoint,
  SettingsMessage,
} from "../../core/protocol/v2.ts";
import { ClientBufferEstimate } from "./client-buffer-estimate.ts";
import { QualityLadder } from "./quality-ladder.ts";
import { makesWayFor, type Rank } from "./rank.ts";

/** ms of sound that is sent ahead of the ear: little of it is bytes as Opus, much as PCM. */
const SEND_AHEAD_MS: Readonly<Record<Codec, number>> = { opus: 30_000, pcm16: 5_000 };

/** A line that was handed over, as far as its end matters. */
export interface HandedLine {
  /** When all that was made of it will have been heard, on the server's clock; undefined before it has a time. */
  readonly endAt: number | undefined;
  /** ms until then. */
  readonly leftMs: number;
}

/** What a v2 connection asked for, and how it copes. */
export class ClientState {
  readonly playout: ClientBufferEstimate = new ClientBufferEstimate();
  /** Where its client was when it lost the connection before. */
  readonly resume: ResumePoint | undefined;
  readonly ladder: QualityLadder = new QualityLadder();
  /** A connection before it could not take what it was sent. */
  wasTooSlow = false;
  /** Wants word times. */
  captions: boolean;
  /** Plays in step with the others. */
  sync: boolean;
  /** ms from sending to hearing that it says it needs. */
  needsMs: number | undefined;
  /** ms by which it plays late, as it says. */
  skewMs: number | undefined;
  /** Its device does not say truthfully when sound leaves it. */
  isUntrusted = false;
  /** What lines that begin now are sent in. */
  codec: Codec;
  /** When its client last said how it hears, ms on the monotonic clock; undefined: it never has. */
  saidAt: number | undefined;
  /** What its client said last about how it hears. */
  #reported: ListenerState = "playing";
  /** Lines that were handed over, as long as they are heard. */
  #handed: { cue: HandedLine; rank: Rank }[] = [];

  constructor(hello: HelloMessage) {
    this.codec = hello.codecs[0] ?? "pcm16";
    this.captions = hello.captions ?? true;
    this.sync = hello.sync ?? false;
    this.resume = hello.resume;
  }

  /** ms of sound that is sent ahead. */
  get sendAheadMs(): number {
    return SEND_AHEAD_MS[this.codec];
  }

  /** When it has heard everything it was handed that does not make way for a line, on the server's clock. */
  freeFor(line: Rank): number {
    const before = this.#handed.filter(({ rank }) => !makesWayFor(rank, line));
    return Math.max(0, ...before.map(({ cue }) => cue.endAt ?? 0));
  }

  /** It was handed all of a line. */
  follow(cue: HandedLine, rank: Rank): void {
    const others = this.#handed.filter((line) => line.cue !== cue && line.cue.leftMs > 0);
    this.#handed = [...others, { cue, rank }];
  }

  /** How it hears, by its own word and by what the ladder sees. */
  get state(): ListenerState {
    if (this.ladder.encodingFor(this.codec) === undefined) return "text-only";
    return this.ladder.rung > 0 && this.#reported === "playing" ? "lagging" : this.#reported;
  }

  /**
   * What its client says about how it hears.
   * @param hadSound false: it speaks of a line that had no sound for it, which says nothing about the listener
   */
  report({ state, skewMs, untrusted }: HeardMessage, hadSound = true): void {
    this.saidAt = performance.now();
    if (hadSound || state !== "text-only") this.#reported = state;
    this.skewMs = skewMs;
    this.isUntrusted = untrusted ?? false;
    this.ladder.report(state === "lagging");
  }

  change({ muted, codec, captions, sync }: SettingsMessage): void {
    this.captions = captions ?? this.captions;
    this.sync = sync ?? this.sync;
    this.codec = codec ?? this.codec;
    if (muted !== undefined) this.#reported = muted ? "muted" : "playing";
  }
}
