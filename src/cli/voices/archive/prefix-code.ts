import { BardcastError } from "../../../core/errors.ts";
import type { BitInput } from "./bit-input.ts";

/** Bits of the longest word. */
const MAX_BITS = 20;

/** A canonical Huffman code: words of equal length follow one another, in the order of their symbols. */
export class PrefixCode {
  readonly #symbols: Uint16Array;
  /** For each length, the first word of 20 bits that begins with none of its words nor with a shorter one. */
  readonly #ends: Int32Array = new Int32Array(MAX_BITS + 1);
  /** For each length, what has to be added to a word to get its symbol's place. */
  readonly #offsets: Int32Array = new Int32Array(MAX_BITS + 1);
  readonly #shortest: number;

  /** @param lengths bits of each symbol's word @throws BardcastError `bad-request` where there is no such code */
  constructor(lengths: readonly number[]) {
    const bySize = lengths.map((_, symbol) => symbol);
    bySize.sort((a, b) => (lengths[a] as number) - (lengths[b] as number) || a - b);
    this.#symbols = Uint16Array.from(bySize);
    this.#shortest = Math.min(...lengths);
    let [word, place] = [0, 0];
    for (let bits = 1; bits <= MAX_BITS; bits++) {
      const count = lengths.filter((length) => length === bits).length;
      word <<= 1;
      this.#offsets[bits] = place - word;
      word += count;
      place += count;
      this.#ends[bits] = word << (MAX_BITS - bits);
      if (word > 1 << bits) throw broken();
    }
  }

  /** Reads a symbol. @throws BardcastError `bad-request` where no word stands there */
  read(input: BitInput): number {
    const word = input.peek(MAX_BITS);
    for (let bits = this.#shortest; bits <= MAX_BITS; bits++) {
      if (word >= (this.#ends[bits] as number)) continue;
      input.skip(bits);
      return this.#symbols[(word >> (MAX_BITS - bits)) + (this.#offsets[bits] as number)] as number;
    }
    throw broken();
  }
}

/** Reads how long each symbol's word is: the first, and how the next differ. @throws BardcastError `bad-request` */
export function readCode(input: BitInput, symbols: number): PrefixCode {
  const lengths: number[] = [];
  let bits = input.read(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    while (input.read(1) === 1) {
      bits += input.read(1) === 0 ? 1 : -1;
      if (bits < 1 || bits > MAX_BITS) throw broken();
    }
    if (bits < 1 || bits > MAX_BITS) throw broken();
    lengths.push(bits);
  }
  return new PrefixCode(lengths);
}

function broken(): BardcastError {
  return new BardcastError("bad-request", "it is not a whole bzip2 archive (a code is broken)");
}
