import { followLines } from "./follow.ts";
import { SilentSink } from "./output/audio-sink.ts";
import { browserVoice } from "./output/browser-voice.ts";
import { claimPlayback, newAudioContext, Sound } from "./output/sound.ts";
import type { StepState } from "./output/step-state.ts";
import type { LineSource, PlayerEvents, PlayerOptions, PlayerState } from "./player-options.ts";
import { LateClips } from "./playout/late-clips.ts";
import type { Lines, LinesHost } from "./playout/lines.ts";
import { LocalLines } from "./playout/local-lines.ts";
import { createOpusDecoder } from "./playout/opus.ts";
import { Emitter } from "./session/emitter.ts";
import type { LineClip } from "./session/line.ts";
import { onPageReturn } from "./session/page-return.ts";
import { clock, every } from "./timers.ts";

const TICK_MS = 50;

/**
 * Plays what a table says, on the audio clock: lines of the v2 wire and clips of the dm20 wire. Works outside
 * secure contexts: no worklet, no WebCodecs. Whatever cannot be heard (before the first tap, during a call)
 * goes by as it does for everyone else, so that a listener who comes late is never minutes behind the table.
 */
export class Player extends Emitter<PlayerEvents> {
  readonly #options: PlayerOptions;
  readonly #clips: LateClips;
  readonly #here: LocalLines;
  readonly #life = new AbortController();
  /** Here, or in a client's worker. */
  #lines: Lines;
  #sound: Sound | undefined;
  #state: PlayerState = "locked";
  #muted = false;
  #volume = 1;
  #trimMs = 0;
  /** What was said last of what is said, and of how well step is kept. */
  readonly #told = new Map<string, string | undefined>();
  #rest: (() => void) | undefined;

  constructor(options: PlayerOptions = {}) {
    super();
    const { maxQueuedMs = 120_000, maxQueuedBytes = 32 * 1024 * 1024, now = clock } = options;
    this.#options = options;
    this.#clips = new LateClips({
      maxMs: maxQueuedMs,
      maxBytes: maxQueuedBytes,
      now,
      onDropped: (clip, reason) => this.emit("dropped", { line: clip.line, clip, reason }),
    });
    this.#here = new LocalLines({
      silence: new SilentSink(now),
      maxQueuedMs,
      createOpus: options.createOpus ?? createOpusDecoder,
      now,
      ...this.#host,
    });
    this.#lines = this.#here;
    onPageReturn(() => this.#sound?.resume(), this.#life.signal);
  }

  get state(): PlayerState {
    return this.#state;
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** Muted, the speech goes on unheard and is not caught up on. */
  set muted(muted: boolean) {
    this.#muted = muted;
    this.#glide();
  }

  /** 0…1 as the ear hears it. */
  get volume(): number {
    return this.#volume;
  }

  set volume(volume: number) {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#glide();
  }

  /** ms by which this device sounds late although it says otherwise: it plays so much earlier. */
  get trimMs(): number {
    return this.#trimMs;
  }

  set trimMs(ms: number) {
    this.#trimMs = ms;
    this.#lines.trim(ms);
  }

  /** ms of sound that are held back at a start out of step: more after sound ran dry. */
  get cushionMs(): number {
    return this.#lines.cushionMs;
  }

  /** How well it keeps step with the table; undefined while it does not. */
  get step(): StepState | undefined {
    return this.#lines.step;
  }

  /** Lets this device click on each of the coming seconds of the table's clock, to compare it with others by ear. */
  click(): void {
    this.#lines.click();
  }

  /** Begins to sound. Call it inside the handler of a tap or a key; calling it again is harmless. */
  unlock(): void {
    if (this.#state === "closed") return;
    claimPlayback();
    this.#sound ??= this.#newSound();
    this.#sound.resume();
    this.#observe();
  }

  /**
   * Plays all that a client hears from now on, and lets it say what was heard; returns what ends that. One
   * client at a time has its lines played in step.
   */
  follow(client: LineSource): () => void {
    if (this.#state === "closed") return () => undefined;
    const elsewhere = client.playLines?.(this.#host);
    this.#lines = elsewhere ?? this.#here;
    if (!elsewhere) this.#here.keepStepWith(client);
    this.#lines.trim(this.#trimMs);
    if (this.#state === "running") this.#lines.moveTo(this.#sound);
    const ears = [
      client.on("clip", (clip) => this.play(clip)),
      this.on("dropped", ({ clip, reason }) => {
        if (!clip && reason === "undecodable") client.change({ codec: "pcm16" });
      }),
      elsewhere ? () => elsewhere.leave() : followLines(this.#here, client, () => this.#wake()),
      this.on("heard", (report) => elsewhere || client.heard(report)),
    ];
    const end = (): void => {
      this.#life.signal.removeEventListener("abort", end);
      for (const stop of ears) stop();
      if (this.#lines === elsewhere) this.#lines = this.#here;
    };
    this.#life.signal.addEventListener("abort", end);
    return end;
  }

  /** Queues a clip behind all that came before it. */
  play(clip: LineClip): void {
    if (this.#state === "closed") return;
    this.#clips.play(clip);
    this.#wake();
  }

  /** Goes on to the next line. */
  skip(): void {
    if (this.#lines.isBusy) this.#lines.skip();
    else this.#clips.skip();
    this.#tick();
  }

  /** Falls silent within 10 ms and forgets all that was queued. What begins later is played. */
  stop(): void {
    this.#clips.stop();
    this.#lines.stop();
    this.#tick();
  }

  /** Gives the audio device back, for good. */
  close(): void {
    this.stop();
    this.#life.abort();
    this.#enter("closed");
    this.#lines.moveTo(undefined);
    this.#sound?.close();
  }

  /** Loudness is heard roughly as the square root of the gain. */
  get #gain(): number {
    return this.#muted ? 0 : this.#volume ** 2;
  }

  get #host(): LinesHost {
    return {
      volume: () => this.#gain,
      readAloud: this.#options.readAloud ?? browserVoice,
      workletUrl: this.#options.workletUrl,
      onHeard: (report) => this.emit("heard", report),
      onDropped: (line, reason) => this.emit("dropped", { line, reason }),
      wake: () => this.#wake(),
    };
  }

  #glide(): void {
    this.#sound?.rampTo(this.#gain);
    this.#lines.volumeChanged();
  }

  #newSound(): Sound {
    const context = (this.#options.createContext ?? newAudioContext)();
    context.onstatechange = () => this.#observe();
    return new Sound(context, this.#gain, this.#options.workletUrl);
  }

  /** Takes over what the audio context says about itself. */
  #observe(): void {
    const sound = this.#sound;
    if (!sound || this.#state === "closed" || sound.running === (this.#state === "running")) return;
    this.#enter(sound.running ? "running" : "interrupted");
    for (const player of [this.#clips, this.#lines]) player.moveTo(sound.running ? sound : undefined);
    this.#wake();
  }

  #wake(): void {
    this.#rest ??= (this.#options.every ?? every)(TICK_MS, () => this.#tick());
  }

  /** Says what is being said, tops up what is scheduled, and rests once there is nothing left to do. */
  #tick(): void {
    this.#lines.tick();
    this.#clips.fill();
    this.#tell("step", this.#lines.step);
    this.#tell("spoken", this.#lines.spoken ?? this.#clips.spoken);
    if (this.#lines.isBusy || this.#clips.isBusy || this.#told.get("spoken") !== undefined) return;
    this.#rest?.();
    this.#rest = undefined;
  }

  /** Says what is different from what was said last. */
  #tell<Name extends "spoken" | "step">(name: Name, event: PlayerEvents[Name]): void {
    const told = JSON.stringify(event);
    if (told === this.#told.get(name)) return;
    this.#told.set(name, told);
    this.emit(name, event);
  }

  #enter(state: PlayerState): void {
    this.#state = state;
    this.emit("state", state);
  }
}
