import { within } from "../../core/async/abortable.ts";
import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { LineInlet } from "./line-inlet.ts";
import type { MissingSound } from "./line-needs.ts";
import type { SoundThere } from "./sound-recovery.ts";

/** ms that the answer may take to how much there is, and then the sound itself; ms until the next look whether it is there. */
const SOUND_MS = 500;
const LOOK_MS = 5;

/** Fetches the sound of a line that is being said elsewhere, so that somebody who comes goes on where the others are. */
export class LineFetch {
  readonly #ask: (missing: MissingSound) => Promise<SoundThere>;
  readonly #fetching = new Set<readonly Encoding[]>();

  /** @param ask resolves with how much sound of the line there is */
  constructor(ask: (missing: MissingSound) => Promise<SoundThere>) {
    this.#ask = ask;
  }

  /** Those that are being fetched. */
  get encodings(): readonly Encoding[] {
    return [...this.#fetching].flat();
  }

  /** Resolves when it is here, or does not come in time. Never rejects. */
  async fetch(inlet: LineInlet, encodings: readonly Encoding[]): Promise<void> {
    this.#fetching.add(encodings);
    try {
      const asking = this.#ask({ frames: inlet.frames, clips: inlet.clips, in: [...encodings] });
      const late = (): Error => new Error("the holder does not answer");
      const there = await within(asking, { ms: SOUND_MS, late });
      const until = performance.now() + SOUND_MS;
      const isWire = encodings.includes("dm20");
      const isHere = (): boolean => (isWire ? inlet.clips >= there.clips : inlet.frames >= there.frames);
      while (!isHere() && performance.now() < until)
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    } catch {
      // Whoever comes is told the text all the same; sound that is missing then is asked for again.
    }
    this.#fetching.delete(encodings);
  }
}
