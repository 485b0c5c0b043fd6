import { BardcastError } from "../../core/errors.ts";

/** Reads a stream of bytes by counts instead of pieces. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** So many bytes, as few of them in memory at once as they come. @throws BardcastError `bad-request` at the end */
  async *take(count: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let left = count; left > 0; ) {
      if (this.#held.length === 0 && !(await this.#more())) {
        throw new BardcastError("bad-request", "the archive ends too early");
      }
      const part = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** So many bytes at once, or undefined at the end. @throws BardcastError `bad-request` at an end within them */
  async exactly(count: number): Promise<Uint8Array | undefined> {
    if (this.#held.length === 0 && !(await this.#more())) return undefined;
    const out = new Uint8Array(count);
    let at = 0;
    for await (const part of this.take(count)) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  async skip(count: number): Promise<void> {
    for await (const _ of this.take(count));
  }

  /** Lets the source go; safe at its end. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #more(): Promise<boolean> {
    while (this.#held.length === 0) {
      const { done, value } = await this.#source.next();
      if (done) return false;
      this.#held = value;
    }
    return true;
  }
}
