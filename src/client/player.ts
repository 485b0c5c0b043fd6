import { SilentSink } from "./output/audio-sink.ts";
import { browserVoice } from "./output/browser-voice.ts";
import { claimPlayback, newAudioContext, Sound } from "./output/sound.ts";
import type { StepSource, StepState, TimedSound } from "./output/step.ts";
import type { LineSource, PlayerEvents, PlayerOptions, PlayerState } from "./player-options.ts";
import { LazyClipPlayer } from "./playout/lazy-clip-player.ts";
import { createOpusDecoder } from "./playout/opus.ts";
import type { Playout, PlayoutHost } from "./playout/playout.ts";
import { UtterancePlayer } from "./playout/utterance-player.ts";
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
  readonly #clips: LazyClipPlayer;
  readonly #here: UtterancePlayer;
  readonly #life = new AbortController();
  /** Here, or in a client's worker. */
  #playout: Playout;
  /** Whose step is kept by what is played here. */
  #table: StepSource | undefined;
  #sound: Sound | undefined;
  #state: PlayerState = "locked";
  #muted = false;
  #volume = 1;
  #trimMs = 0;
  /** The last reported speech and synchronisation state. */
  readonly #told = new Map<string, string | undefined>();
  #rest: (() => void) | undefined;

  constructor(options: PlayerOptions = {}) {
    super();
    const { maxQueuedMs = 120_000, maxQueuedBytes = 32 * 1024 * 1024, now = clock } = options;
    this.#options = options;
    this.#clips = new LazyClipPlayer({
      maxMs: maxQueuedMs,
      maxBytes: maxQueuedBytes,
      now,
      onDropped: (clip, reason) => this.emit("dropped", { line: clip.line, clip, reason }),
    });
    this.#here = new UtterancePlayer({
      silence: new SilentSink(now),
      maxQueuedMs,
      createOpus: options.createOpus ?? createOpusDecoder,
      now,
      ...this.#host,
    });
    this.#playout = this.#here;
    onPageReturn(() => this.#resume(), this.#life.signal);
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
    this.#playout.trim(ms);
  }

  /** ms of sound that are held back at a start out of step: more after sound ran dry. */
  get cushionMs(): number {
    return this.#playout.jitterDelayMs;
  }

  /** How well it keeps step with the table; undefined while it does not. */
  get step(): StepState | undefined {
    return this.#playout.step;
  }

  /**
   * Lets this device click on each of the coming seconds of the table's clock, to compare it with others by ear, or give
   * out that sound at its moments.
   */
  click(sound?: TimedSound): void {
    this.#playout.click(sound);
  }

  /** Begins to sound. Call it inside the handler of a tap or a key; calling it again is harmless. */
  unlock(): void {
    if (this.#state === "closed") return;
    claimPlayback();
    this.#sound ??= this.#newSound();
    void this.#resume();
    this.#observe();
  }

  /**
   * Plays all that a client hears from now on, and lets it say what was heard; returns what ends that. One
   * client at a time has its lines played in step.
   */
  follow(client: LineSource): () => void {
    if (this.#state === "closed") return () => undefined;
    const elsewhere = client.playLines?.(this.#host);
    this.#playout = elsewhere ?? this.#here;
    if (!elsewhere) this.#table = client;
    this.#playout.trim(this.#trimMs);
    if (this.#state === "running") this.#moveTo(this.#sound);
    const stops = [
      client.on("clip", (clip) => this.play(clip)),
      this.on("dropped", ({ clip, reason }) => {
        if (!clip && reason === "undecodable") client.change({ codec: "pcm16" });
      }),
      elsewhere ? () => elsewhere.leave() : this.#here.follow(client, () => this.#wake()),
      this.on("heard", (report) => elsewhere || client.heard(report)),
    ];
    const end = (): void => {
      this.#life.signal.removeEventListener("abort", end);
      for (const stop of stops) stop();
      if (this.#playout === elsewhere) this.#playout = this.#here;
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
    if (this.#playout.isBusy) this.#playout.skip();
    else this.#clips.skip();
    this.#tick();
  }

  /** Falls silent within 10 ms and forgets all that was queued. What begins later is played. */
  stop(): void {
    this.#clips.stop();
    this.#playout.stop();
    this.#tick();
  }

  /** Gives the audio device back, for good. */
  close(): void {
    this.stop();
    this.#life.abort();
    this.#enter("closed");
    this.#moveTo(undefined);
    this.#sound?.close();
  }

  /** Loudness is heard roughly as the square root of the gain. */
  get #gain(): number {
    return this.#muted ? 0 : this.#volume ** 2;
  }

  get #host(): PlayoutHost {
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
    this.#playout.volumeChanged();
  }

  async #resume(): Promise<void> {
    await this.#sound?.resume();
    this.#observe();
  }

  #newSound(): Sound {
    const context = (this.#options.createContext ?? newAudioContext)();
    context.addEventListener("statechange", () => this.#observe());
    return new Sound(context, this.#gain, this.#options.workletUrl);
  }

  /** Takes over what the audio context says about itself. */
  #observe(): void {
    const sound = this.#sound;
    if (!sound || this.#state === "closed" || sound.running === (this.#state === "running")) return;
    this.#enter(sound.running ? "running" : "interrupted");
    const heard = sound.running ? sound : undefined;
    this.#clips.moveTo(heard);
    this.#moveTo(heard);
    this.#wake();
  }

  #moveTo(sound: Sound | undefined): void {
    if (this.#playout === this.#here && this.#table?.keepsStep) void sound?.keepStep(this.#table);
    this.#playout.moveTo(sound);
  }

  #wake(): void {
    this.#rest ??= (this.#options.every ?? every)(TICK_MS, () => this.#tick());
  }

  /** Says what is being said, tops up what is scheduled, and rests once there is nothing left to do. */
  #tick(): void {
    this.#playout.tick();
    this.#clips.fill();
    this.#tell("step", this.#playout.step);
    this.#tell("spoken", this.#playout.spoken ?? this.#clips.spoken);
    if (this.#playout.isBusy || this.#clips.isBusy || this.#told.get("spoken") !== undefined) return;
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
