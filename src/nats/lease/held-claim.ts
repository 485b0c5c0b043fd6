import { BardcastError } from "../../core/errors.ts";
import type { Claim } from "./leases.ts";

/** Told once that a claim was given up. `isOurs`: as far as is known, nobody else has the party yet. */
export type GiveUp = (claim: HeldClaim, how: { isOurs: boolean }) => Promise<void>;

/** A party that this node holds, as long as it does. */
export class HeldClaim implements Claim {
  readonly party: string;
  readonly epoch: number;
  /** Of the party's key, as this holder wrote it. */
  readonly revision: number;
  readonly #abort = new AbortController();
  readonly #giveUp: GiveUp;

  constructor(won: { party: string; epoch: number; revision: number }, giveUp: GiveUp) {
    this.party = won.party;
    this.epoch = won.epoch;
    this.revision = won.revision;
    this.#giveUp = giveUp;
  }

  get lost(): AbortSignal {
    return this.#abort.signal;
  }

  fence(): void {
    if (this.#end("somebody else holds the party")) void this.#giveUp(this, { isOurs: false });
  }

  async release(): Promise<void> {
    if (this.#end("the party was given up")) await this.#giveUp(this, { isOurs: true });
  }

  /** The session that held it is dead. */
  lose(): void {
    this.#end("this node was taken for dead");
  }

  #end(why: string): boolean {
    if (this.lost.aborted) return false;
    this.#abort.abort(new BardcastError("closed", why, { retryable: true }));
    return true;
  }
}
