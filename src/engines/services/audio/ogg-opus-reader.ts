import type { OpusDecoderHandle } from "libopus-wasm";
import { joinBytes } from "../../../core/bytes.ts";
import type { PcmPiece } from "../../../core/dsp/audio.ts";
import { joinPcm } from "../../../core/dsp/pcm.ts";
import { ServiceError } from "../net/service-error.ts";

/** Hz that is decoded to; Opus counts in 48 000. */
const SAMPLE_RATE = 24_000;
const PER_SAMPLE = 48_000 / SAMPLE_RATE;
/** Bytes of a page before the lengths of its segments. */
const PAGE_HEADER_BYTES = 27;
/** Bytes of one packet; Opus has none longer (RFC 6716, 3.2.5), tags that are longer are no concern of ours. */
const MAX_PACKET_BYTES = 1024 * 1024;
const END_OF_STREAM = 4;

interface Page {
  isLast: boolean;
  /** In samples at 48 kHz, with what is to be dropped at the beginning. */
  position: bigint;
  /** Each with whether its packet ends with it. */
  segments: readonly { bytes: Uint8Array; ends: boolean }[];
}

/** Decodes Ogg Opus while it arrives (RFC 7845, RFC 3533); one stream may follow the other. */
export class OggOpusReader {
  readonly #decoder: OpusDecoderHandle;
  #bytes: Uint8Array = new Uint8Array();
  #packet: Uint8Array[] = [];
  #packetBytes = 0;
  /** Packets that came, of which the first two are no sound. */
  #packets = 0;
  /** Samples to drop at the beginning of the stream. */
  #preSkip = 0;
  #skipped = 0;
  #given = 0;
  /** By which the stream wants to be louder. */
  #gain = 1;

  static async open(): Promise<OggOpusReader> {
    const { createDecoder } = await import("libopus-wasm");
    return new OggOpusReader(await createDecoder({ sampleRate: SAMPLE_RATE, channels: 1 }));
  }

  private constructor(decoder: OpusDecoderHandle) {
    this.#decoder = decoder;
  }

  /** @throws ServiceError `engine-failed` where it is no such stream */
  push(bytes: Uint8Array): PcmPiece[] {
    this.#bytes = joinBytes([this.#bytes, bytes]);
    const pieces: PcmPiece[] = [];
    for (let page = this.#page(); page; page = this.#page()) {
      const samples = this.#soundOf(page);
      if (samples.length > 0) pieces.push({ samples, sampleRate: SAMPLE_RATE });
    }
    return pieces;
  }

  close(): void {
    this.#decoder.free();
  }

  /** The next page, once it is complete; it is taken away. */
  #page(): Page | undefined {
    const bytes = this.#bytes;
    if (bytes.length < PAGE_HEADER_BYTES) return undefined;
    if (String.fromCharCode(...bytes.subarray(0, 4)) !== "OggS") throw broken();
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const from = PAGE_HEADER_BYTES + view.getUint8(26);
    const lengths = bytes.subarray(PAGE_HEADER_BYTES, from);
    const end = from + lengths.reduce((sum, length) => sum + length, 0);
    if (bytes.length < end) return undefined;
    let at = from;
    const segments = Array.from(lengths, (length) => {
      at += length;
      return { bytes: bytes.subarray(at - length, at), ends: length < 255 };
    });
    this.#bytes = bytes.subarray(end);
    return {
      isLast: (view.getUint8(5) & END_OF_STREAM) !== 0,
      position: view.getBigInt64(6, true),
      segments,
    };
  }

  #soundOf({ isLast, position, segments }: Page): Float32Array<ArrayBuffer> {
    const sounds: Float32Array[] = [];
    for (const { bytes, ends } of segments) {
      this.#packet.push(bytes);
      this.#packetBytes += bytes.length;
      if (this.#packetBytes > MAX_PACKET_BYTES) throw broken();
      if (!ends) continue;
      sounds.push(this.#decoded(joinBytes(this.#packet)));
      this.#packet = [];
      this.#packetBytes = 0;
    }
    const sound = joinPcm(sounds);
    // The last page says how much of its last packet is sound; where a stream was cut out of another it cannot know.
    const whole = Number(position) / PER_SAMPLE - this.#preSkip - this.#given;
    const heard = isLast && whole >= 0 ? Math.min(sound.length, Math.floor(whole)) : sound.length;
    this.#given += heard;
    return sound.slice(0, heard);
  }

  #decoded(packet: Uint8Array): Float32Array {
    const isHead = String.fromCharCode(...packet.subarray(0, 8)) === "OpusHead";
    if (isHead) this.#begin(packet);
    this.#packets += 1;
    if (this.#packets <= 2) return new Float32Array();
    const sound = this.#decodeOne(packet);
    const skip = Math.min(sound.length, this.#preSkip - this.#skipped);
    this.#skipped += skip;
    return sound.subarray(skip);
  }

  #begin(head: Uint8Array): void {
    if (head.length < 19) throw broken();
    const view = new DataView(head.buffer, head.byteOffset);
    const [channels, family] = [view.getUint8(9), view.getUint8(18)];
    // A family of 0 has one stream; the others say how many.
    if (family !== 0 && head[19] !== 1) throw surround(channels);
    this.#preSkip = Math.round(view.getUint16(10, true) / PER_SAMPLE);
    // In 1/256 dB.
    this.#gain = 10 ** (view.getInt16(16, true) / 256 / 20);
    [this.#packets, this.#skipped, this.#given] = [0, 0, 0];
  }

  #decodeOne(packet: Uint8Array): Float32Array {
    try {
      return this.#decoder.decodeFloat(packet).map((sample) => sample * this.#gain);
    } catch {
      throw broken();
    }
  }
}

function surround(channels: number): ServiceError {
  const message = `the service's Ogg Opus has ${channels} channels in streams of their own, which is not read here; one or two are`;
  return new ServiceError("engine-failed", message);
}

function broken(): ServiceError {
  return new ServiceError("engine-failed", "the service's Ogg Opus is broken");
}
