/** Reads 16-bit little-endian PCM that arrives in pieces of any length. */
export class PcmReader {
  readonly #channels: number;
  #carried: Uint8Array = new Uint8Array();

  /** @param channels which are mixed to one */
  constructor(channels = 1) {
    this.#channels = channels;
  }

  /** The samples that are complete now. */
  push(bytes: Uint8Array): Float32Array<ArrayBuffer> {
    const joined = new Uint8Array(this.#carried.length + bytes.length);
    joined.set(this.#carried);
    joined.set(bytes, this.#carried.length);
    const frameBytes = 2 * this.#channels;
    const frames = Math.floor(joined.length / frameBytes);
    this.#carried = joined.slice(frames * frameBytes);
    const view = new DataView(joined.buffer);
    return Float32Array.from({ length: frames }, (_, frame) => {
      let sum = 0;
      for (let at = frame * frameBytes; at < (frame + 1) * frameBytes; at += 2)
        sum += view.getInt16(at, true);
      return sum / this.#channels / 32768;
    });
  }
}
