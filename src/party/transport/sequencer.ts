import { randomId } from "../../core/id.ts";

/** Handles that there are: 0…65535. */
const HANDLES = 0x1_0000;

/** Numbers a party's messages and utterances on the v2 wire, and tells its time. */
export class Sequencer {
  /** Another one after every start, so that clients know that numbers begin anew. */
  readonly epoch: string;
  readonly #now: () => number;
  #offset: number;
  #handle = 0;

  /**
   * @param before no number of this party so far is higher
   * @param shared what the party has in other processes, too: the epoch of its numbers, and its time
   */
  constructor(before = 0, shared?: { epoch: string; now: () => number }) {
    this.#offset = before;
    this.epoch = shared?.epoch ?? randomId();
    this.#now = shared?.now ?? (() => performance.now());
  }

  /** Of the last message. */
  get offset(): number {
    return this.#offset;
  }

  nextOffset(): number {
    this.#offset += 1;
    return this.#offset;
  }

  /** Another process has given out numbers up to that one. */
  reached(offset: number): void {
    this.#offset = Math.max(this.#offset, offset);
  }

  /** An utterance's handle, 0…65535; long before it comes again the utterance is over and forgotten. */
  nextHandle(): number {
    this.#handle = (this.#handle + 1) % HANDLES;
    return this.#handle;
  }

  /** Another process has given out that handle; it may be told of late, behind higher ones. */
  reachedHandle(handle: number): void {
    const ahead = (handle - this.#handle + HANDLES) % HANDLES;
    if (ahead < HANDLES / 2) this.#handle = handle;
  }

  /** ms on the server's monotonic clock, or the party's own where several processes serve it. */
  now(): number {
    return this.#now();
  }
}
