import { ClipQueue } from "./clip-queue.ts";
import { Emitter } from "./emitter.ts";
import type { LineClip } from "./line.ts";
import { onPageReturn } from "./page-return.ts";
import { claimPlayback, Sound } from "./sound.ts";

/** Decoded sound kept ahead of the ear: timers of a page in the background fire once a second at best. */
const HORIZON_MS = 10_000;
const TICK_MS = 100;

/**
 * `locked`: nobody tapped yet. `interrupted`: a call, a locked screen or another page took the sound away;
 * it comes back by itself with the page, or with a tap.
 */
export type PlayerState = "locked" | "running" | "interrupted" | "closed";

/**
 * Why a clip is not heard: `full`: too much was waiting; `missed`: the others had finished hearing it before
 * there was sound here; `undecodable`: this browser cannot play it.
 */
export type DropReason = "full" | "missed" | "undecodable";

export interface PlayerEvents {
  state: PlayerState;
  /** What is being heard now; undefined in silence. */
  audible: LineClip | undefined;
  dropped: { clip: LineClip; reason: DropReason };
}

export interface PlayerOptions {
  /** Sound that may be queued, scheduled or not. Default 120 s; the oldest that waits goes first. */
  maxQueuedMs?: number;
  /** Bytes of what is not decoded yet. Default 32 MiB; the oldest goes first. */
  maxQueuedBytes?: number;
  /** Instead of `new AudioContext()`. */
  createContext?: () => AudioContext;
  /** A clock in ms; default `performance.now`. */
  now?: () => number;
}

/**
 * Plays clips one after another on the audio clock. Works outside secure contexts: no worklet, no WebCodecs.
 * Whatever cannot be heard (before the first tap, during a call) goes by as it does for everyone else, so
 * that a listener who comes late is never minutes behind the table.
 */
export class Player extends Emitter<PlayerEvents> {
  readonly #createContext: () => AudioContext;
  readonly #now: () => number;
  readonly #queue: ClipQueue;
  readonly #life = new AbortController();
  #sound: Sound | undefined;
  #state: PlayerState = "locked";
  #muted = false;
  #volume = 1;
  #audible: LineClip | undefined;
  #decoding = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: PlayerOptions = {}) {
    super();
    this.#createContext = options.createContext ?? (() => new AudioContext({ latencyHint: "balanced" }));
    this.#now = options.now ?? (() => performance.now());
    const { maxQueuedMs = 120_000, maxQueuedBytes = 32 * 1024 * 1024 } = options;
    this.#queue = new ClipQueue({ maxMs: maxQueuedMs, maxBytes: maxQueuedBytes });
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
    this.#sound?.rampTo(this.#gain);
  }

  /** 0…1 as the ear hears it. */
  get volume(): number {
    return this.#volume;
  }

  set volume(volume: number) {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#sound?.rampTo(this.#gain);
  }

  /** Begins to sound. Call it inside the handler of a tap or a key; calling it again is harmless. */
  unlock(): void {
    if (this.#state === "closed") return;
    claimPlayback();
    this.#sound ??= this.#newSound();
    this.#sound.resume();
    this.#follow();
  }

  /** Queues a clip behind all that came before it. */
  play(clip: LineClip): void {
    if (this.#state === "closed") return;
    const now = this.#now();
    if (this.#state !== "running") this.#report(this.#queue.skipMissed(now), "missed");
    this.#report(this.#queue.push(clip, now, this.#leadMs), "full");
    void this.#fill();
  }

  /** Falls silent within 10 ms and forgets all that was queued. What comes later is played. */
  stop(): void {
    this.#queue.clear();
    this.#sound?.schedule.clear();
    this.#tick();
  }

  /** Gives the audio device back, for good. */
  close(): void {
    this.stop();
    this.#life.abort();
    this.#enter("closed");
    this.#sound?.close();
  }

  get #leadMs(): number {
    return this.#sound?.schedule.leadMs ?? 0;
  }

  /** Loudness is heard roughly as the square root of the gain. */
  get #gain(): number {
    return this.#muted ? 0 : this.#volume ** 2;
  }

  #newSound(): Sound {
    const context = this.#createContext();
    context.onstatechange = () => this.#follow();
    return new Sound(context, this.#gain);
  }

  /** Takes over what the audio context says about itself. */
  #follow(): void {
    if (!this.#sound || this.#state === "closed") return;
    const { running, schedule } = this.#sound;
    if (running && this.#state !== "running") {
      this.#enter("running");
      this.#report(this.#queue.skipMissed(this.#now()), "missed");
      void this.#fill();
    } else if (!running && this.#state === "running") {
      this.#enter("interrupted");
      this.#queue.putBack(schedule.clear(), this.#now());
      this.#tick();
    }
  }

  /** Decodes, one clip at a time, until enough is scheduled. */
  async #fill(): Promise<void> {
    const sound = this.#sound;
    if (!sound || this.#decoding) return;
    this.#decoding = true;
    while (this.#state === "running" && this.#leadMs < HORIZON_MS) {
      const clip = this.#queue.head;
      if (!clip) break;
      const buffer = await sound.decode(clip);
      // Stopped, interrupted or dropped meanwhile: the queue knows what is next.
      if (this.#state !== "running" || this.#queue.head !== clip) continue;
      this.#queue.shift();
      if (buffer) sound.schedule.place(buffer, clip);
      else this.#report([clip], "undecodable");
    }
    this.#decoding = false;
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  /** Says what is audible, tops the schedule up, and rests once there is nothing left to do. */
  #tick(): void {
    const running = this.#state === "running";
    const audible = running ? this.#sound?.schedule.audible() : undefined;
    if (audible !== this.#audible) {
      this.#audible = audible;
      this.emit("audible", audible);
    }
    if (running && this.#queue.head) {
      if (this.#leadMs < HORIZON_MS) void this.#fill();
    } else if (!running || (!audible && this.#leadMs === 0)) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #report(clips: readonly LineClip[], reason: DropReason): void {
    for (const clip of clips) this.emit("dropped", { clip, reason });
  }

  #enter(state: PlayerState): void {
    this.#state = state;
    this.emit("state", state);
  }
}
