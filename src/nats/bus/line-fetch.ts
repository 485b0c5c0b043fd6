import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { LineInlet } from "./line-inlet.ts";
import type { MissingSound } from "./line-needs.ts";

/** ms that sound may take that was asked for, and ms until the next look whether it is there. */
const SOUND_MS = 500;
const LOOK_MS = 5;

/** Fetches the sound of a line that is being said elsewhere, so that somebody who comes goes on where the others are. */
export class LineFetch {
  readonly #ask: (missing: MissingSound) => Promise<{ frames: number; clips: number }>;
  #encodings: readonly Encoding[] = [];

  /** @param ask resolves with how much sound of the line there is */
  constructor(ask: (missing: MissingSound) => Promise<{ frames: number; clips: number }>) {
    this.#ask = ask;
  }

  /** Those that are being fetched. */
  get encodings(): readonly Encoding[] {
    return this.#encodings;
  }

  /** Resolves when it is here, or does not come in time. Never rejects. */
  async fetch(inlet: LineInlet, encodings: readonly Encoding[]): Promise<void> {
    const until = performance.now() + SOUND_MS;
    this.#encodings = encodings;
    try {
      const there = await this.#ask({ frames: inlet.frames, clips: inlet.clips, in: [...encodings] });
      const isWire = encodings.includes("dm20");
      const isHere = (): boolean => (isWire ? inlet.clips >= there.clips : inlet.frames >= there.frames);
      while (!isHere() && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    } catch {
      // Nobody knows: whoever comes goes on with what is told next.
    }
    this.#encodings = [];
  }
}
