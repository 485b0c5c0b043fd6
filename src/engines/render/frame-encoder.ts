import { floatToInt16, joinPcm } from "../../core/dsp/pcm.ts";
import { FRAME_HEADER_BYTES, packOpus } from "../../core/protocol/frame.ts";
import { OPUS_PRE_SKIP } from "../../core/protocol/v2.ts";
import type { FrameEncoding, OpusBitrates } from "../contract/sentence-job.ts";
import { createOpusEncoder } from "./opus.ts";

/** Makes one sentence's frames in one encoding. Whole packets go in; a frame with room for its header comes out. */
export interface FrameEncoder {
  /** @param samples a whole number of packets at 24 kHz, −1…1 */
  encode(samples: Float32Array): Uint8Array<ArrayBuffer>;
  free(): void;
}

/** An encoder for one sentence. @param bitrates bit/s of Opus */
export async function createFrameEncoder(
  encoding: FrameEncoding,
  bitrates: OpusBitrates,
): Promise<FrameEncoder> {
  if (encoding === "pcm16") return new Pcm16Encoder();
  const encoder = await createOpusEncoder(bitrates[encoding]);
  return {
    encode: (samples) => packOpus(encoder.encode(samples), FRAME_HEADER_BYTES),
    free: () => encoder.free(),
  };
}

/** Gives its samples out as late as Opus does, so that frames of both hold the same stretch of the line. */
class Pcm16Encoder implements FrameEncoder {
  #held = new Float32Array(0);

  encode(samples: Float32Array): Uint8Array<ArrayBuffer> {
    const fresh = samples.length - OPUS_PRE_SKIP;
    const payload = floatToInt16(joinPcm([this.#held, samples.subarray(0, fresh)]));
    this.#held = samples.slice(fresh);
    const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.byteLength);
    // Every machine that a runtime of today runs on is little endian.
    bytes.set(new Uint8Array(payload.buffer), FRAME_HEADER_BYTES);
    return bytes;
  }

  free(): void {}
}
