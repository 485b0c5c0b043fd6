import type { Sound } from "../output/sound.ts";
import type { LineClip } from "../session/line.ts";
import type { ClipPlayer, ClipPlayerOptions } from "./clip-player.ts";

/** Clips that may wait for the code; the oldest go first. */
const MAX_WAITING = 256;

/** A `ClipPlayer` whose code is loaded with the first clip: few servers speak only dm20. */
export class LazyClipPlayer {
  readonly #options: ClipPlayerOptions;
  #player: ClipPlayer | undefined;
  #waiting: { clip: LineClip; cameAt: number }[] = [];
  #sound: Sound | undefined;
  #isLoading = false;

  constructor(options: ClipPlayerOptions) {
    this.#options = options;
  }

  /** Whether there is anything to look after. */
  get isBusy(): boolean {
    return this.#player?.isBusy ?? false;
  }

  /** The line being heard now, if it is known; undefined in silence. */
  get spoken(): { line?: string } | undefined {
    return this.#player?.spoken;
  }

  /** Queues a clip behind all that came before it. */
  play(clip: LineClip): void {
    if (this.#player) this.#player.play(clip);
    else {
      this.#waiting.push({ clip, cameAt: this.#options.now() });
      if (this.#waiting.length > MAX_WAITING) this.#lose(this.#waiting.splice(0, 1));
      if (!this.#isLoading) void this.#load();
    }
  }

  /** Plays on that sound from now on, or unheard. */
  moveTo(sound: Sound | undefined): void {
    this.#sound = sound;
    this.#player?.moveTo(sound);
  }

  /** Falls silent within 10 ms, and goes on with what does not belong to the line that sounded. */
  skip(): void {
    this.#player?.skip();
  }

  /** Falls silent within 10 ms and forgets all that was queued. */
  stop(): void {
    this.#waiting = [];
    this.#player?.stop();
  }

  /** Decodes, one clip at a time, until enough is placed. */
  fill(): void {
    void this.#player?.fill();
  }

  async #load(): Promise<void> {
    this.#isLoading = true;
    try {
      const { ClipPlayer } = await import("./clip-player.ts");
      this.#player = new ClipPlayer(this.#options);
      for (const { clip, cameAt } of this.#waiting.splice(0)) this.#player.play(clip, cameAt);
      this.#player.moveTo(this.#sound);
    } catch {
      // The next clip tries again.
      this.#lose(this.#waiting.splice(0));
    } finally {
      this.#isLoading = false;
    }
  }

  #lose(waiting: readonly { clip: LineClip }[]): void {
    for (const { clip } of waiting) this.#options.onDropped(clip, "full");
  }
}
