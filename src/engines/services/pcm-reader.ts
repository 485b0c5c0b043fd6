import { joinBytes } from "../../core/bytes.ts";
import { int16ToFloat } from "../../core/pcm.ts";

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
    const joined = joinBytes([this.#carried, bytes]);
    const whole = joined.length - (joined.length % (2 * this.#channels));
    this.#carried = joined.slice(whole);
    // Every runtime Bardcast runs on is little endian, as the format is.
    return mixed(int16ToFloat(new Int16Array(joined.buffer, 0, whole / 2)), this.#channels);
  }
}

function mixed(samples: Float32Array<ArrayBuffer>, channels: number): Float32Array<ArrayBuffer> {
  if (channels === 1) return samples;
  const out = new Float32Array(samples.length / channels);
  for (let at = 0; at < samples.length; at++) {
    out[Math.floor(at / channels)] =
      (out[Math.floor(at / channels)] ?? 0) + (samples[at] as number) / channels;
  }
  return out;
}
