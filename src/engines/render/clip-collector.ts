import { durationMs, type PcmPiece } from "../../core/dsp/audio.ts";
import { joinPcm } from "../../core/dsp/pcm.ts";
import type { Clip } from "../../core/protocol/dm20.ts";
import type { VoiceConfig } from "../../voices/voice-config.ts";
import { encodeClip } from "./encode-clip.ts";

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
