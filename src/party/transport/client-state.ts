import type { ListenerState } from "../../core/protocol/presence.ts";
import type {
  Codec,
  HeardMessage,
  HelloMessage,
  ResumePoint,
  SettingsMessage,
} from "../../core/protocol/v2.ts";
import { ClientBufferEstimate } from "./client-buffer-estimate.ts";
import { QualityLadder } from "./quality-ladder.ts";
import { makesWayFor, type Rank } from "./rank.ts";

/** ms of sound that is sent ahead of what is heard: as Opus it is few bytes, as PCM many. */
const SEND_AHEAD_MS: Readonly<Record<Codec, number>> = { opus: 30_000, pcm16: 5_000 };

/** When what a connection was handed of an utterance will have been heard. */
interface HandedSchedule {
  /** On the server's clock; undefined before it has a time. */
  readonly endAt: number | undefined;
  /** ms until then. */
  readonly leftMs: number;
}

/** What a v2 client asked for, what it says about itself, and how it copes. The party writes it; the server only tells what came. */
export class ClientState {
  readonly playout: ClientBufferEstimate = new ClientBufferEstimate();
  /** Where its client was when it lost the connection before. */
  readonly resume: ResumePoint | undefined;
  /** Number of the last message that it had been told then. */
  knownTo = 0;
  readonly ladder: QualityLadder = new QualityLadder();
  /** It may sound by another output than when it was tuned. */
  isUntuned = false;
  #wasTooSlow = false;
  #captions: boolean;
  #sync: boolean;
  #latencyMs: number | undefined;
  #skewMs: number | undefined;
  #isUntrusted = false;
  #codec: Codec;
  #saidAt: number | undefined;
  /** What its client said last about how it hears. */
  #reported: ListenerState = "playing";
  /** Utterances that were handed over, as long as they are heard. */
  #handed: { schedule: HandedSchedule; rank: Rank }[] = [];

  constructor(hello: HelloMessage) {
    this.#codec = hello.codecs[0] ?? "pcm16";
    this.#captions = hello.captions ?? true;
    this.#sync = hello.sync ?? false;
    this.resume = hello.resume;
  }

  /** The codec of utterances that begin now. */
  get codec(): Codec {
    return this.#codec;
  }

  /** Wants word times. */
  get captions(): boolean {
    return this.#captions;
  }

  /** Plays in step with the others. */
  get sync(): boolean {
    return this.#sync;
  }

  /** ms from sending to hearing that it says it needs; undefined: it has not said yet. */
  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  /** ms by which it plays late, as it says. */
  get skewMs(): number | undefined {
    return this.#skewMs;
  }

  /** Its device does not say truthfully when sound leaves it. */
  get isUntrusted(): boolean {
    return this.#isUntrusted;
  }

  /** When its client last said how it hears, ms on the monotonic clock; undefined: it never has. */
  get saidAt(): number | undefined {
    return this.#saidAt;
  }

  /** A connection before it could not take what it was sent. */
  get wasTooSlow(): boolean {
    return this.#wasTooSlow;
  }

  /** ms of sound that is sent ahead. */
  get sendAheadMs(): number {
    return SEND_AHEAD_MS[this.codec];
  }

  /** How it hears, from its own reports and the quality ladder. */
  get state(): ListenerState {
    if (this.ladder.encodingFor(this.codec) === undefined) return "text-only";
    return this.ladder.rung > 0 && this.#reported === "playing" ? "lagging" : this.#reported;
  }

  /** When it has heard everything it was handed that does not make way for an utterance, on the server's clock. */
  freeFor(utterance: Rank): number {
    const before = this.#handed.filter(({ rank }) => !makesWayFor(rank, utterance));
    return Math.max(0, ...before.map(({ schedule }) => schedule.endAt ?? 0));
  }

  /** It was handed all of an utterance. */
  handed(schedule: HandedSchedule, rank: Rank): void {
    const others = this.#handed.filter((each) => each.schedule !== schedule && each.schedule.leftMs > 0);
    this.#handed = [...others, { schedule, rank }];
  }

  /** It says how many ms must lie between sending and hearing; undefined: it does not know. */
  reportLatency(ms: number | undefined): void {
    this.#latencyMs = ms ?? this.#latencyMs;
  }

  /**
   * Takes its client's report on how it hears.
   * @param hadSound false: it speaks of an utterance that had no sound for it, which says nothing about the listener
   */
  report({ state, skewMs, untrusted }: HeardMessage, hadSound = true): void {
    this.#saidAt = performance.now();
    if (hadSound || state !== "text-only") this.#reported = state;
    this.#skewMs = skewMs;
    this.#isUntrusted = untrusted ?? false;
    this.ladder.report(state === "lagging");
  }

  change({ muted, codec, captions, sync }: SettingsMessage): void {
    this.#captions = captions ?? this.#captions;
    this.#sync = sync ?? this.#sync;
    this.#codec = codec ?? this.#codec;
    if (muted !== undefined) this.#reported = muted ? "muted" : "playing";
  }

  /** It comes back from a connection that was closed at that rung because it was too slow: it is sent less. */
  comesBackSlow(rung: number): void {
    this.#wasTooSlow = true;
    this.ladder.begin(rung + 1);
  }
}
