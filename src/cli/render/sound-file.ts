import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { encodeOggOpus } from "../../core/dsp/ogg-opus.ts";
import { int16ToFloat } from "../../core/dsp/pcm.ts";
import { WAV_HEADER_BYTES, wavHeader } from "../../core/dsp/wav.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES, V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";
import { createOpusEncoder, type OpusEncoder } from "../../engines/render/opus.ts";

/** bit/s: there is room in a file, and speech does not sound better with more. */
const OPUS_BITRATE = 32_000;

/** A form in which sound is written. */
interface SoundWriter {
  /** @param samples at 24 kHz */
  push(samples: Int16Array<ArrayBuffer>): Promise<void>;
  /** Writes what is left. */
  end(): Promise<void>;
  close(): void;
}

/** Names of files, by their ending, in lower case. */
export const SOUND_FORMATS: Readonly<Record<string, "wav" | "opus">> = {
  wav: "wav",
  opus: "opus",
  ogg: "opus",
};

/** A file of speech, written beside its place and put there when it is whole. */
export class SoundFile implements AsyncDisposable {
  readonly #path: string;
  readonly #beside: string;
  readonly #file: FileHandle;
  readonly #writer: SoundWriter;
  #samples = 0;

  private constructor(path: string, beside: string, file: FileHandle, writer: SoundWriter) {
    this.#path = path;
    this.#beside = beside;
    this.#file = file;
    this.#writer = writer;
  }

  static async create(path: string, format: "wav" | "opus"): Promise<SoundFile> {
    const beside = `${path}.${process.pid}.part`;
    const file = await open(beside, "w");
    try {
      const writer =
        format === "wav" ? new WavWriter(file) : new OpusWriter(file, await createOpusEncoder(OPUS_BITRATE));
      return new SoundFile(path, beside, file, writer);
    } catch (error) {
      await file.close();
      await rm(beside, { force: true });
      throw error;
    }
  }

  get durationMs(): number {
    return (this.#samples / V2_SAMPLE_RATE) * 1000;
  }

  async push(samples: Int16Array<ArrayBuffer>): Promise<void> {
    this.#samples += samples.length;
    await this.#writer.push(samples);
  }

  /** It is whole. @returns its bytes */
  async finish(): Promise<number> {
    await this.#writer.end();
    const { size } = await this.#file.stat();
    await rename(this.#beside, this.#path);
    return size;
  }

  /** What is not whole is taken away. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#writer.close();
    await this.#file.close();
    await rm(this.#beside, { force: true });
  }
}

class WavWriter implements SoundWriter {
  readonly #file: FileHandle;
  #bytes = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async push({ buffer, byteOffset, byteLength }: Int16Array<ArrayBuffer>): Promise<void> {
    const place = WAV_HEADER_BYTES + this.#bytes;
    this.#bytes += byteLength;
    await this.#file.write(new Uint8Array(buffer, byteOffset, byteLength), 0, byteLength, place);
  }

  async end(): Promise<void> {
    await this.#file.write(wavHeader(this.#bytes, V2_SAMPLE_RATE), 0, WAV_HEADER_BYTES, 0);
  }

  close(): void {}
}

/** Packets are kept until the end, when it is known how many there are: 4 KB a second. */
class OpusWriter implements SoundWriter {
  readonly #file: FileHandle;
  readonly #encoder: OpusEncoder;
  readonly #packets: Uint8Array[] = [];
  #held: Float32Array<ArrayBuffer> = new Float32Array(0);
  #samples = 0;

  constructor(file: FileHandle, encoder: OpusEncoder) {
    this.#file = file;
    this.#encoder = encoder;
  }

  async push(samples: Int16Array<ArrayBuffer>): Promise<void> {
    this.#samples += samples.length;
    this.#encode(int16ToFloat(samples));
  }

  async end(): Promise<void> {
    // The encoder gives its sound out late, and whole packets only.
    const due = this.#held.length + OPUS_PRE_SKIP;
    this.#encode(new Float32Array(Math.ceil(due / PACKET_SAMPLES) * PACKET_SAMPLES - this.#held.length));
    const bytes = encodeOggOpus({
      packets: this.#packets,
      sampleRate: V2_SAMPLE_RATE,
      packetSamples: PACKET_SAMPLES,
      preSkip: OPUS_PRE_SKIP,
      samples: this.#samples,
    });
    await this.#file.writeFile(bytes);
  }

  close(): void {
    this.#encoder.free();
  }

  #encode(samples: Float32Array): void {
    const all = new Float32Array(this.#held.length + samples.length);
    all.set(this.#held);
    all.set(samples, this.#held.length);
    const whole = all.length - (all.length % PACKET_SAMPLES);
    this.#packets.push(...this.#encoder.encode(all.subarray(0, whole)));
    this.#held = all.slice(whole);
  }
}
