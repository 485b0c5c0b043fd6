import { randomId } from "../../core/id.ts";

/** Numbers a party's messages and utterances on the v2 wire, and tells its time. */
export class Sequencer {
  /** Another one after every start, so that clients know that numbers begin anew. */
  readonly epoch: string = randomId();
  #offset: number;
  #handle = 0;

  /** @param before no number of this party so far is higher */
  constructor(before = 0) {
    this.#offset = before;
  }

  /** Of the last message. */
  get offset(): number {
    return this.#offset;
  }

  nextOffset(): number {
    this.#offset += 1;
    return this.#offset;
  }

  /** An utterance's handle, 0…65535; long before it comes again the utterance is over and forgotten. */
  nextHandle(): number {
    this.#handle = (this.#handle + 1) % 0x1_0000;
    return this.#handle;
  }

  /** ms on the server's monotonic clock. */
  now(): number {
    return performance.now();
  }
}
