import type { Sound } from "../output/sound.ts";
import type { LineClip } from "../session/line.ts";
import { ClipQueue, type ClipQueueLimits } from "./clip-queue.ts";

/** Decoded sound kept ahead of the playhead: timers of a page in the background fire once a second at best. */
const HORIZON_MS = 10_000;
/** How long a start waits after a silence, so that it is not late. */
export const START_DELAY_SECONDS = 0.08;
/** A start nearer than this may already be late when the audio thread sees it. */
const EARLIEST_START_SECONDS = 0.02;

export interface ClipPlayerOptions extends ClipQueueLimits {
  /** A clock in ms. */
  now: () => number;
  onDropped: (clip: LineClip, reason: "full" | "missed" | "undecodable") => void;
}

/** A clip on the sink; frames are the context's. */
interface Placed {
  clip: LineClip;
  from: number;
  to: number;
}

/**
 * Plays the clips of the dm20 wire one after another, each from the very frame on which the one before it ends. What
 * cannot be heard goes by as it does for everyone else.
 */
export class ClipPlayer {
  readonly #options: ClipPlayerOptions;
  readonly #queue: ClipQueue;
  #sound: Sound | undefined;
  #placed: Placed[] = [];
  /** Where the next clip is to begin. */
  #end = 0;
  #decoding = false;

  constructor(options: ClipPlayerOptions) {
    this.#options = options;
    this.#queue = new ClipQueue(options);
  }

  /** Whether there is anything to look after. */
  get isBusy(): boolean {
    return this.#sound !== undefined && (this.#queue.head !== undefined || this.#bufferedMs > 0);
  }

  /** The line being heard now, if it is known; undefined in silence. */
  get spoken(): { line?: string } | undefined {
    if (!this.#sound) return undefined;
    const { sink, graph } = this.#sound;
    const frame = sink.playheadSeconds * graph.context.sampleRate;
    this.#placed = this.#placed.filter(({ to }) => to > frame);
    const [first] = this.#placed;
    if (!first || first.from > frame) return undefined;
    return first.clip.line === undefined ? {} : { line: first.clip.line };
  }

  /** Queues a clip behind all that came before it. @param now when it came */
  play(clip: LineClip, now: number = this.#options.now()): void {
    if (!this.#sound) this.#report(this.#queue.skipMissed(now), "missed");
    this.#report(this.#queue.push(clip, now, this.#bufferedMs), "full");
    void this.fill();
  }

  /** Plays on that sound from now on, or unheard. */
  moveTo(sound: Sound | undefined): void {
    const now = this.#options.now();
    if (this.#sound) this.#queue.putBack(this.#clear(), now);
    this.#sound = sound;
    if (sound) this.#report(this.#queue.skipMissed(now), "missed");
    void this.fill();
  }

  /** Falls silent within 10 ms, and goes on with what does not belong to the line that sounded. */
  skip(): void {
    const clips = this.#clear();
    for (let clip = this.#queue.shift(); clip; clip = this.#queue.shift()) clips.push(clip);
    const [current, ...others] = clips;
    const isOther = ({ line }: LineClip): boolean => line === undefined || line !== current?.line;
    this.#queue.putBack(others.filter(isOther), this.#options.now());
    void this.fill();
  }

  /** Falls silent within 10 ms and forgets all that was queued. */
  stop(): void {
    this.#queue.clear();
    this.#clear();
  }

  /** Decodes, one clip at a time, until enough is placed. */
  async fill(): Promise<void> {
    if (this.#decoding) return;
    this.#decoding = true;
    for (let sound = this.#sound; sound && this.#bufferedMs < HORIZON_MS; sound = this.#sound) {
      const clip = this.#queue.head;
      if (!clip) break;
      const buffer = await sound.decode(clip);
      // Stopped, interrupted or dropped meanwhile: the queue knows what is next.
      if (this.#sound !== sound || this.#queue.head !== clip) continue;
      this.#queue.shift();
      if (buffer) this.#place(sound, buffer, clip);
      else this.#report([clip], "undecodable");
    }
    this.#decoding = false;
  }

  /** ms of placed sound that are still to be played. */
  get #bufferedMs(): number {
    if (!this.#sound) return 0;
    const { currentTime, sampleRate } = this.#sound.graph.context;
    return Math.max(0, (this.#end / sampleRate - currentTime) * 1000);
  }

  /** Starts it where the last one ends, or after the start delay where that is past. */
  #place({ sink, graph }: Sound, buffer: AudioBuffer, clip: LineClip): void {
    const { currentTime, sampleRate } = graph.context;
    const now = Math.round(currentTime * sampleRate);
    const isDry = this.#end < now + EARLIEST_START_SECONDS * sampleRate;
    const from = isDry ? now + Math.ceil(START_DELAY_SECONDS * sampleRate) : this.#end;
    this.#end = from + buffer.length;
    this.#placed.push({ clip, from, to: this.#end });
    sink.start(buffer, from, this);
  }

  /** Takes every clip off the sink, fading what sounds; returns those not heard to the end. */
  #clear(): LineClip[] {
    if (!this.#sound) return [];
    const { sink, graph } = this.#sound;
    const now = graph.context.currentTime * graph.context.sampleRate;
    const unheard = this.#placed.filter(({ to }) => to > now);
    sink.fade(this, 0);
    this.#placed = [];
    this.#end = 0;
    return unheard.map(({ clip }) => clip);
  }

  #report(clips: readonly LineClip[], reason: "full" | "missed" | "undecodable"): void {
    for (const clip of clips) this.#options.onDropped(clip, reason);
  }
}
