import { ClipSchedule } from "../output/clip-schedule.ts";
import type { Sound } from "../output/sound.ts";
import type { LineClip } from "../session/line.ts";
import { ClipQueue, type ClipQueueLimits } from "./clip-queue.ts";

/** Decoded sound kept ahead of the ear: timers of a page in the background fire once a second at best. */
const HORIZON_MS = 10_000;

export interface ClipPlayerOptions extends ClipQueueLimits {
  /** A clock in ms. */
  now: () => number;
  onDropped: (clip: LineClip, reason: "full" | "missed" | "undecodable") => void;
}

/**
 * Plays the clips of the dm20 wire one after another. What cannot be heard goes by as it does for everyone
 * else.
 */
export class ClipPlayer {
  readonly #options: ClipPlayerOptions;
  readonly #queue: ClipQueue;
  #sound: Sound | undefined;
  #schedule: ClipSchedule | undefined;
  #decoding = false;

  constructor(options: ClipPlayerOptions) {
    this.#options = options;
    this.#queue = new ClipQueue(options);
  }

  /** Whether there is anything to look after. */
  get isBusy(): boolean {
    return this.#sound !== undefined && (this.#queue.head !== undefined || this.#bufferedMs > 0);
  }

  /** Of which line something is being heard now, if that is known. */
  get spoken(): { line?: string } | undefined {
    const clip = this.#schedule?.audible();
    return clip && (clip.line === undefined ? {} : { line: clip.line });
  }

  /** Queues a clip behind all that came before it. @param now when it came */
  play(clip: LineClip, now: number = this.#options.now()): void {
    if (!this.#sound) this.#report(this.#queue.skipMissed(now), "missed");
    this.#report(this.#queue.push(clip, now, this.#bufferedMs), "full");
    void this.fill();
  }

  /** There is sound from now on, or there is none. */
  moveTo(sound: Sound | undefined): void {
    const now = this.#options.now();
    if (this.#schedule) this.#queue.putBack(this.#schedule.clear(), now);
    this.#sound = sound;
    this.#schedule = sound && new ClipSchedule(sound.graph.context, sound.output);
    if (sound) this.#report(this.#queue.skipMissed(now), "missed");
    void this.fill();
  }

  /** Falls silent within 10 ms, and goes on with what does not belong to the line that sounded. */
  skip(): void {
    const clips = this.#schedule?.clear() ?? [];
    for (let clip = this.#queue.shift(); clip; clip = this.#queue.shift()) clips.push(clip);
    const [current, ...others] = clips;
    const isOther = ({ line }: LineClip): boolean => line === undefined || line !== current?.line;
    this.#queue.putBack(others.filter(isOther), this.#options.now());
    void this.fill();
  }

  /** Falls silent within 10 ms and forgets all that was queued. */
  stop(): void {
    this.#queue.clear();
    this.#schedule?.clear();
  }

  /** Decodes, one clip at a time, until enough is scheduled. */
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
      if (buffer) this.#schedule?.place(buffer, clip);
      else this.#report([clip], "undecodable");
    }
    this.#decoding = false;
  }

  get #bufferedMs(): number {
    return this.#schedule?.bufferedMs ?? 0;
  }

  #report(clips: readonly LineClip[], reason: "full" | "missed" | "undecodable"): void {
    for (const clip of clips) this.#options.onDropped(clip, reason);
  }
}
