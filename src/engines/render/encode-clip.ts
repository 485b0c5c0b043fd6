import { durationMs } from "../../core/dsp/audio.ts";
import { encodeOggOpus } from "../../core/dsp/ogg-opus.ts";
import { encodeWav } from "../../core/dsp/wav.ts";
import type { Clip } from "../../core/protocol/dm20.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES } from "../../core/protocol/v2.ts";
import { SOUND_RATE } from "./audio-chain.ts";
import { createOpusEncoder } from "./opus.ts";

/** A sentence as one playable file. @param samples at 24 kHz @param bitrate bit/s, where it is Opus */
export async function encodeClip(
  samples: Float32Array,
  format: "wav" | "opus",
  bitrate: number,
): Promise<Clip> {
  const sampleRate = SOUND_RATE;
  const bytes = format === "opus" ? await encodeOpusFile(samples, bitrate) : encodeWav(samples, sampleRate);
  return { format, bytes, sampleRate, durationMs: durationMs(samples.length, sampleRate) };
}

async function encodeOpusFile(samples: Float32Array, bitrate: number): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = await createOpusEncoder(bitrate);
  try {
    const packets = Math.ceil((samples.length + OPUS_PRE_SKIP) / PACKET_SAMPLES);
    const padded = new Float32Array(packets * PACKET_SAMPLES);
    padded.set(samples);
    return encodeOggOpus({
      packets: encoder.encode(padded),
      sampleRate: SOUND_RATE,
      packetSamples: PACKET_SAMPLES,
      preSkip: OPUS_PRE_SKIP,
      samples: samples.length,
    });
  } finally {
    encoder.free();
  }
}
