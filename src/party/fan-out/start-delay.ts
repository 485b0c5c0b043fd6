import { LEAD_MARGIN_MS, LONGEST_LEAD_MS } from "../../core/protocol/v2.ts";

/** An utterance begins so long after its first sound is sent, at least. */
const SHORTEST_LEAD_MS = 60;
/** While nobody has said what they need. */
const FIRST_LEAD_MS = 150;
/** The needs of thousands of listeners are not looked up for every frame. */
const FRESH_MS = 250;

/**
 * ms from sending to hearing with which everyone in step hears an utterance from its beginning: what the one who
 * needs most has said, and a little. Who needs more than the longest joins late, and does not hold the others back.
 */
export class StartDelay {
  readonly #needs: () => Iterable<number | undefined>;
  readonly #now: () => number;
  #ms = FIRST_LEAD_MS;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** @param needs what listeners have said they need, ms; undefined: nothing yet @param now a clock in ms */
  constructor(needs: () => Iterable<number | undefined>, now: () => number) {
    this.#needs = needs;
    this.#now = now;
  }

  get ms(): number {
    if (this.#now() - this.#lookedAt >= FRESH_MS) {
      this.#lookedAt = this.#now();
      this.#ms = this.#look();
    }
    return this.#ms;
  }

  #look(): number {
    let longest = Number.NEGATIVE_INFINITY;
    for (const ms of this.#needs()) longest = Math.max(longest, ms ?? longest);
    if (longest < 0) return FIRST_LEAD_MS;
    return Math.min(LONGEST_LEAD_MS, Math.max(SHORTEST_LEAD_MS, longest + LEAD_MARGIN_MS));
  }
}
