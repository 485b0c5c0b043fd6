// Loaded by the player with its first clip and with a context of another rate; here it is there at once.
import "../../src/client/playout/clip-player.ts";
import "../../src/core/dsp/resample.ts";
import { type DropReason, type LineClip, Player, type PlayerOptions } from "../../src/client/index.ts";
import { FakeAudioContext } from "./fake-audio.ts";

/** A player on a fake audio device, with a clock for everyone else at the table. */
export class PlayerRig {
  readonly context: FakeAudioContext = new FakeAudioContext();
  readonly dropped: [tag: number | undefined, reason: DropReason][] = [];
  readonly player: Player;
  nowMs = 0;
  #tick: (() => void) | undefined;

  constructor(options: PlayerOptions = {}) {
    const createContext = (): AudioContext => this.context as unknown as AudioContext;
    const every = (_: number, tick: () => void): (() => void) => {
      this.#tick = tick;
      return () => {
        this.#tick = undefined;
      };
    };
    this.player = new Player({ createContext, now: () => this.nowMs, every, ...options });
    this.player.on("dropped", ({ clip, reason }) => this.dropped.push([clip?.bytes[0], reason]));
  }

  /** Taps. */
  async unlock(): Promise<void> {
    this.player.unlock();
    await settle();
  }

  /** Time passes, for the ears and for everyone else, until the player had a look around. */
  async pass(seconds: number): Promise<void> {
    this.context.advance(seconds);
    this.nowMs += seconds * 1000;
    // Once to see what was heard, once more for what was decoded upon it.
    for (let look = 0; look < 2; look++) {
      this.#tick?.();
      await settle();
    }
  }

  /** Tags of the clips of which anything was heard. */
  get heard(): number[] {
    return this.context.heard.filter(({ from, to }) => to > from).map(({ tag }) => tag);
  }
}

/** A clip the fake can decode: what it is called and how long it lasts. */
export function clip(tag: number, seconds = 1): LineClip {
  const bytes = Uint8Array.of(tag, seconds * 10);
  return { format: "wav", bytes, sampleRate: 24_000, durationMs: seconds * 1000, line: `line ${tag}` };
}

/** Lets everything that is being decoded get ready. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
