import { BardcastError } from "../../../core/errors.ts";

/** Most bits that can be looked at ahead. */
const MAX_PEEK = 24;

/** Reads a stream of bytes by bits, the highest first; bytes are taken in only when `fill` says so. */
export class BitInput {
  /** Bytes that were taken in so far. */
  takenBytes = 0;
  readonly #source: AsyncIterator<Uint8Array>;
  #bytes: Uint8Array = new Uint8Array();
  /** Bits of them that were read. */
  #at = 0;
  #isDry = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Takes in what is missing of so many bytes, if there is as much; what was read is let go. */
  async fill(count: number): Promise<void> {
    const read = this.#at >> 3;
    const parts = [this.#bytes.subarray(read)];
    this.#at &= 7;
    for (let held = this.#bytes.length - read; held < count && !this.#isDry; ) {
      const { done, value } = await this.#source.next();
      if (done) this.#isDry = true;
      else {
        parts.push(value);
        held += value.length;
        this.takenBytes += value.length;
      }
    }
    this.#bytes = parts.length > 1 ? new Uint8Array(Buffer.concat(parts)) : (parts[0] as Uint8Array);
  }

  /** Lets the source go; safe at its end. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** Whether nothing is left of what was taken in. */
  get isEmpty(): boolean {
    return this.#at >= 8 * this.#bytes.length;
  }

  /** The next bits, at most 24, which stay where they are; behind the end there are zeros. */
  peek(count: number): number {
    const from = this.#at >> 3;
    const bytes = this.#bytes;
    const word =
      ((bytes[from] as number) << 24) |
      ((bytes[from + 1] as number) << 16) |
      ((bytes[from + 2] as number) << 8) |
      (bytes[from + 3] as number);
    return (word << (this.#at & 7)) >>> (32 - count);
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** The next bits, at most 48. @throws BardcastError `bad-request` at the end */
  read(count: number): number {
    if (count > MAX_PEEK) return this.read(count - MAX_PEEK) * 2 ** MAX_PEEK + this.read(MAX_PEEK);
    const bits = this.peek(count);
    this.skip(count);
    this.requireWhole();
    return bits;
  }

  /** The rest of a byte that was begun is passed over. */
  toNextByte(): void {
    this.#at = (this.#at + 7) & ~7;
  }

  /** @throws BardcastError `bad-request` where more was read than is there */
  requireWhole(): void {
    if (this.#at > 8 * this.#bytes.length) {
      throw new BardcastError("bad-request", "it is not a whole bzip2 archive (it ends too early)");
    }
  }
}
