import { durationMs, type PcmPiece } from "../../core/dsp/audio.ts";
import { encodeOggOpus } from "../../core/dsp/ogg-opus.ts";
import { joinPcm } from "../../core/dsp/pcm.ts";
import { encodeWav } from "../../core/dsp/wav.ts";
import type { Clip } from "../../core/protocol/dm20.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES } from "../../core/protocol/v2.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import { SOUND_RATE } from "./audio-chain.ts";
import { createOpusEncoder } from "./opus.ts";

/** An engine's own MP3 of what it has said so far. */
interface Mp3 {
  parts: Uint8Array<ArrayBuffer>[];
  samples: number;
  /** Hz */
  sampleRate: number;
}

/** Gathers a sentence for listeners who get it whole, in the format that its voice asks for where there is one. */
export class ClipCollector {
  readonly #format: VoiceConfig["outputFormat"];
  readonly #sound: Float32Array[] = [];
  /** Undefined once it is not the whole sentence, or not what is to be heard. */
  #mp3: Mp3 | undefined;

  /** @param mayPass whether an engine's own MP3 is what is to be heard */
  constructor(format: VoiceConfig["outputFormat"], { mayPass }: { mayPass: boolean }) {
    this.#format = format;
    if (format === "mp3" && mayPass) this.#mp3 = { parts: [], samples: 0, sampleRate: 0 };
  }

  /** @param sound at 24 kHz, what became of the piece; without a piece, what comes after all of them */
  push(sound: Float32Array, piece?: PcmPiece): void {
    this.#sound.push(sound);
    if (!piece || !this.#mp3) return;
    if (!piece.mp3) this.#mp3 = undefined;
    else {
      this.#mp3.parts.push(piece.mp3.slice());
      this.#mp3.samples += piece.samples.length;
      this.#mp3.sampleRate = piece.sampleRate;
    }
  }

  /** @param bitrate bit/s, where it is Opus */
  async finish(bitrate: number): Promise<Clip> {
    if (!this.#mp3)
      return encodeClip(joinPcm(this.#sound), this.#format === "opus" ? "opus" : "wav", bitrate);
    const { parts, samples, sampleRate } = this.#mp3;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return { format: "mp3", bytes, sampleRate, durationMs: durationMs(samples, sampleRate) };
  }
}

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
