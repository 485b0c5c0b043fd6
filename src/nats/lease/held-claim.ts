import { BardcastError } from "../../core/errors.ts";
import type { Claim } from "./leases.ts";

/** A party that this node holds, as long as it does. */
export class HeldClaim implements Claim {
  readonly party: string;
  readonly epoch: number;
  /** Of the party's key, as this holder wrote it. */
  readonly revision: number;
  readonly #abort = new AbortController();
  readonly #giveUp: (claim: HeldClaim, isReleased: boolean) => Promise<void>;

  /** @param giveUp is told once, when it is fenced or released */
  constructor(
    { party, epoch, revision }: { party: string; epoch: number; revision: number },
    giveUp: (claim: HeldClaim, isReleased: boolean) => Promise<void>,
  ) {
    this.party = party;
    this.epoch = epoch;
    this.revision = revision;
    this.#giveUp = giveUp;
  }

  get lost(): AbortSignal {
    return this.#abort.signal;
  }

  fence(): void {
    if (this.#end("somebody else holds the party")) void this.#giveUp(this, false);
  }

  async release(): Promise<void> {
    if (this.#end("the party was given up")) await this.#giveUp(this, true);
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
