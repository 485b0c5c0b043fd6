import { browserVoice } from "./browser-voice.ts";
import { ClipPlayer } from "./clip-player.ts";
import { Emitter } from "./emitter.ts";
import { follow, type LineSource } from "./follow.ts";
import type { LineClip } from "./line.ts";
import { LinePlayer } from "./line-player.ts";
import { createOpusDecoder } from "./opus.ts";
import { onPageReturn } from "./page-return.ts";
import type { PlayerEvents, PlayerOptions, PlayerState, Spoken } from "./player-options.ts";
import { claimPlayback, newAudioContext, Sound } from "./sound.ts";
import { SilentStage } from "./stage.ts";

const TICK_MS = 50;

/**
 * Plays what a table says, on the audio clock: lines of the v2 wire and clips of the dm20 wire. Works outside
 * secure contexts: no worklet, no WebCodecs. Whatever cannot be heard (before the first tap, during a call)
 * goes by as it does for everyone else, so that a listener who comes late is never minutes behind the table.
 */
export class Player extends Emitter<PlayerEvents> {
  readonly #createContext: () => AudioContext;
  readonly #every: (ms: number, tick: () => void) => () => void;
  readonly #clips: ClipPlayer;
  readonly #lines: LinePlayer;
  readonly #life = new AbortController();
  #sound: Sound | undefined;
  #state: PlayerState = "locked";
  #muted = false;
  #volume = 1;
  #spoken: Spoken | undefined;
  #rest: (() => void) | undefined;

  constructor(options: PlayerOptions = {}) {
    super();
    const { maxQueuedMs = 120_000, maxQueuedBytes = 32 * 1024 * 1024 } = options;
    const now = options.now ?? (() => performance.now());
    this.#createContext = options.createContext ?? newAudioContext;
    this.#every = options.every ?? every;
    this.#clips = new ClipPlayer({
      maxMs: maxQueuedMs,
      maxBytes: maxQueuedBytes,
      now,
      onDropped: (clip, reason) => this.emit("dropped", { line: clip.line, clip, reason }),
    });
    this.#lines = new LinePlayer({
      silence: new SilentStage(now),
      maxQueuedMs,
      createOpus: options.createOpus ?? createOpusDecoder,
      readAloud: options.readAloud ?? browserVoice,
      now,
      volume: () => this.#gain,
      onHeard: (report) => this.emit("heard", report),
      onDropped: (line, reason) => this.emit("dropped", { line, reason }),
    });
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

  /** ms of sound that are held back at a start: more after sound ran dry. */
  get cushionMs(): number {
    return this.#lines.cushionMs;
  }

  /** Begins to sound. Call it inside the handler of a tap or a key; calling it again is harmless. */
  unlock(): void {
    if (this.#state === "closed") return;
    claimPlayback();
    this.#sound ??= this.#newSound();
    this.#sound.resume();
    this.#observe();
  }

  /** Plays all that a client hears from now on, and lets it say what was heard; returns what ends that. */
  follow(client: LineSource): () => void {
    const end = follow(this, this.#lines, client, () => this.#wake());
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
    this.#sound?.close();
  }

  /** Loudness is heard roughly as the square root of the gain. */
  get #gain(): number {
    return this.#muted ? 0 : this.#volume ** 2;
  }

  #glide(): void {
    this.#sound?.rampTo(this.#gain);
    this.#lines.volumeChanged();
  }

  #newSound(): Sound {
    const context = this.#createContext();
    context.onstatechange = () => this.#observe();
    return new Sound(context, this.#gain);
  }

  /** Takes over what the audio context says about itself. */
  #observe(): void {
    const sound = this.#sound;
    if (!sound || this.#state === "closed" || sound.running === (this.#state === "running")) return;
    this.#enter(sound.running ? "running" : "interrupted");
    this.#clips.moveTo(sound.running ? sound : undefined);
    this.#lines.moveTo(sound.running ? sound : undefined);
    this.#wake();
  }

  #wake(): void {
    this.#rest ??= this.#every(TICK_MS, () => this.#tick());
  }

  /** Says what is being said, tops up what is scheduled, and rests once there is nothing left to do. */
  #tick(): void {
    this.#lines.tick();
    void this.#clips.fill();
    const clip = this.#clips.audible;
    this.#say(this.#lines.spoken ?? (clip && (clip.line === undefined ? {} : { line: clip.line })));
    if (this.#lines.isBusy || this.#clips.isBusy || this.#spoken) return;
    this.#rest?.();
    this.#rest = undefined;
  }

  #say(spoken: Spoken | undefined): void {
    if (isSame(spoken, this.#spoken)) return;
    this.#spoken = spoken;
    this.emit("spoken", spoken);
  }

  #enter(state: PlayerState): void {
    this.#state = state;
    this.emit("state", state);
  }
}

function isSame(a: Spoken | undefined, b: Spoken | undefined): boolean {
  if (!a || !b) return a === b;
  return a.line === b.line && a.sentence === b.sentence && a.charStart === b.charStart;
}

function every(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms);
  return () => clearInterval(timer);
}
