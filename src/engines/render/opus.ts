import { PACKET_SAMPLES, V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";

/** Encodes packets of 20 ms of mono speech at 24 kHz. */
export interface OpusEncoder {
  /** @param samples a whole number of packets, −1…1 */
  encode(samples: Float32Array): Uint8Array[];
  /** Frees its memory; nothing can be encoded any more. */
  free(): void;
}

/** An encoder in its first state. The library is loaded when the first one is made. @param bitrate bit/s */
export async function createOpusEncoder(bitrate: number): Promise<OpusEncoder> {
  const { Application, createEncoder, Signal } = await import("libopus-wasm");
  const encoder = await createEncoder({
    sampleRate: V2_SAMPLE_RATE,
    channels: 1,
    application: Application.Voip,
    signal: Signal.Voice,
    bitrate,
  });
  return {
    encode: (samples) =>
      Array.from({ length: samples.length / PACKET_SAMPLES }, (_, index) =>
        encoder.encodeFloat(samples.subarray(index * PACKET_SAMPLES, (index + 1) * PACKET_SAMPLES)),
      ),
    free: () => encoder.free(),
  };
}
