import { type ClipFormat, durationMs } from "../core/audio.ts";
import type { Clip } from "../core/dm20.ts";
import { encodeOggOpus } from "../core/ogg-opus.ts";
import { joinPcm } from "../core/pcm.ts";
import { Resampler } from "../core/resample.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES, V2_SAMPLE_RATE } from "../core/v2.ts";
import { encodeWav } from "../core/wav.ts";
import { createOpusEncoder } from "./opus.ts";

/** A sentence as one playable file. @param bitrate bit/s, where it is Opus */
export async function encodeClip(
  samples: Float32Array<ArrayBuffer>,
  sampleRate: number,
  format: ClipFormat,
  bitrate: number,
): Promise<Clip> {
  const length = durationMs(samples.length, sampleRate);
  if (format !== "opus") {
    return { format: "wav", bytes: encodeWav(samples, sampleRate), sampleRate, durationMs: length };
  }
  const bytes = await encodeOpusFile(resampled(samples, sampleRate), bitrate);
  return { format, bytes, sampleRate: V2_SAMPLE_RATE, durationMs: length };
}

async function encodeOpusFile(samples: Float32Array, bitrate: number): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = await createOpusEncoder(bitrate);
  try {
    const packets = Math.ceil((samples.length + OPUS_PRE_SKIP) / PACKET_SAMPLES);
    const padded = new Float32Array(packets * PACKET_SAMPLES);
    padded.set(samples);
    return encodeOggOpus({
      packets: encoder.encode(padded),
      sampleRate: V2_SAMPLE_RATE,
      packetSamples: PACKET_SAMPLES,
      preSkip: OPUS_PRE_SKIP,
      samples: samples.length,
    });
  } finally {
    encoder.free();
  }
}

function resampled(samples: Float32Array<ArrayBuffer>, sampleRate: number): Float32Array {
  if (sampleRate === V2_SAMPLE_RATE) return samples;
  const resampler = new Resampler(sampleRate, V2_SAMPLE_RATE);
  return joinPcm([resampler.push(samples), resampler.flush()]);
}
