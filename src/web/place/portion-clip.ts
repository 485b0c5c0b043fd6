import type { Portion } from "./portion.ts";
import { beginOf } from "./portions.ts";
import type { Clip, SoundClip } from "./sound-loop.ts";

/** Portions that are kept decoded: one that sounds, one that is next, and one where a round ends and begins. */
const MAX_DECODED = 3;
/** Samples before the end of a portion at which the next one is wanted. */
const AHEAD = 5 * 24_000;

interface Decoded {
  clip: SoundClip | undefined;
  begins: number;
}

/** What is at hand of one portion. */
interface AtHand extends Decoded {
  from: number;
  to: number;
  /** From there on the next one is wanted. */
  soon: number;
}

/** Sound that is decoded while it is heard, some seconds ahead; what is not decoded yet is silent. */
export class PortionClip implements Clip {
  readonly length: number;
  readonly #portions: readonly Portion[];
  readonly #fileBytes: number;
  readonly #decode: (file: ArrayBuffer) => Promise<SoundClip>;
  readonly #onDecoded: () => void;
  /** By the portion's number; the first to go is the one that was wanted least lately. */
  readonly #decoded = new Map<number, Decoded>();
  #isDecoding = false;
  #last: AtHand | undefined;

  /** @param onDecoded something is there that was silent */
  constructor(
    portions: readonly Portion[],
    fileBytes: number,
    decode: (file: ArrayBuffer) => Promise<SoundClip>,
    onDecoded: () => void,
  ) {
    this.#portions = portions;
    this.#fileBytes = fileBytes;
    this.#decode = decode;
    this.#onDecoded = onDecoded;
    this.length = portions.at(-1)?.to ?? 0;
  }

  /** Bytes that it takes at most. */
  get bytes(): number {
    const longest = Math.max(0, ...this.#portions.map(({ begins, ends }) => ends - begins));
    return this.#fileBytes + MAX_DECODED * 2 * longest;
  }

  at(index: number): number {
    if (!this.#last || index < this.#last.from || index >= this.#last.soon) this.#want(index);
    return this.#last?.clip?.at(index - this.#last.begins) ?? 0;
  }

  #want(index: number): void {
    const number = this.#portions.findIndex(({ from, to }) => index >= from && index < to);
    const portion = this.#portions[number];
    this.#last = undefined;
    if (!portion) return;
    const decoded = this.#decoded.get(number);
    const next = (number + 1) % this.#portions.length;
    const isNextThere = this.#decoded.has(next);
    const { from, to } = portion;
    const soon = isNextThere ? to : to - AHEAD;
    this.#last = { from, to, soon, begins: decoded?.begins ?? 0, clip: decoded?.clip };
    if (!decoded) void this.#load(number);
    else {
      this.#decoded.delete(number);
      this.#decoded.set(number, decoded);
      if (index >= soon && !isNextThere) void this.#load(next);
    }
  }

  /** One at a time. */
  async #load(number: number): Promise<void> {
    const portion = this.#portions[number];
    if (this.#isDecoding || !portion) return;
    this.#isDecoding = true;
    const clip = await this.#decode(portion.bytes().buffer).catch(() => undefined);
    this.#isDecoding = false;
    this.#decoded.set(number, { clip, begins: clip ? beginOf(portion, clip.length) : 0 });
    for (const oldest of this.#decoded.keys()) {
      if (this.#decoded.size <= MAX_DECODED) break;
      this.#decoded.delete(oldest);
    }
    this.#last = undefined;
    this.#onDecoded();
  }
}
