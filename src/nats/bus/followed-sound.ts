import type { Encoding } from "../../engines/contract/sentence-job.ts";
import type { LineNeed } from "../../party/fan-out/line-parts.ts";
import { LineFetch } from "./line-fetch.ts";
import { type InletLine, LineInlet } from "./line-inlet.ts";
import type { MissingSound } from "./line-needs.ts";
import type { SoundThere } from "./sound-recovery.ts";

/** What the sound of a line has to know of it. */
export interface FollowedLine {
  listeners: InletLine["listeners"];
  /** What is needed of it here. */
  need: () => LineNeed;
  /** Has sound sent that is missing here. */
  tell: (missing: MissingSound) => void;
  /** The same, and resolves with how much there is. Rejects where nobody answers. */
  ask: (missing: MissingSound) => Promise<SoundThere>;
}

/** The sound of a line that is made elsewhere, on its way to the listeners here. */
export class FollowedSound extends LineInlet {
  readonly #fetching: LineFetch;

  /** @param node.hears encodings of sound for all that come to this node */
  constructor(node: { hears: () => ReadonlySet<Encoding> }, { listeners, need, tell, ask }: FollowedLine) {
    const fetching = new LineFetch(ask);
    const wanted = (): ReadonlySet<Encoding> =>
      new Set([...node.hears(), ...need().encodings, ...fetching.encodings]);
    super({
      listeners,
      encodings: wanted,
      needs: () => {
        const { readers, encodings } = need();
        const frames = encodings.some((each) => each !== "dm20");
        return { isAny: readers > 0, frames, clips: encodings.includes("dm20") };
      },
      missing: (from) => tell({ ...from, in: [...wanted()] }),
    });
    this.#fetching = fetching;
  }

  /** Asks for what there is so far, before somebody listens here. Resolves when it is here, or does not come in time. */
  async fetch(encodings: readonly Encoding[]): Promise<void> {
    await this.#fetching.fetch(this, encodings);
  }
}
