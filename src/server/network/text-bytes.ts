import { Buffer } from "node:buffer";

/** A shorter text is written sooner than it is found. */
const LONG_CHARS = 1_024;
/** Characters of texts that are kept: a little of what is being said now. */
const KEPT_CHARS = 4 * 1024 * 1024;

/**
 * Long texts as bytes, each made once for all sockets that are sent it: `ws` and Node.js write a text anew for every
 * socket, in room for three bytes a character.
 */
export class TextBytes {
  readonly #kept = new Map<string, Buffer>();
  #chars = 0;

  /** Bytes of the text in UTF-8, or the text itself where it is short. */
  of(text: string): Buffer | string {
    if (text.length < LONG_CHARS || text.length > KEPT_CHARS) return text;
    const kept = this.#kept.get(text);
    if (kept) return kept;
    const bytes = Buffer.from(text);
    this.#kept.set(text, bytes);
    this.#chars += text.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#chars <= KEPT_CHARS) break;
      this.#kept.delete(oldest);
      this.#chars -= oldest.length;
    }
    return bytes;
  }
}
