/**
 * Ogg Opus (RFC 7845, RFC 3533): packets of Opus as one playable file.
 * @module
 */
import { joinBytes } from "../bytes.ts";

/** What an Ogg Opus file counts in, whatever was encoded. */
const OGG_OPUS_RATE = 48_000;
/** Packets of 20 ms on one page: a fifth of a second is lost with a page. */
const PACKETS_A_PAGE = 10;
/** The one stream of a file needs a serial number; any will do. */
const SERIAL = 0x42617264;

const BEGIN_OF_STREAM = 2;
const END_OF_STREAM = 4;

/** What is encoded. */
export interface OpusFormat {
  /** Hz that was encoded. */
  sampleRate: number;
  /** Samples in each packet, at `sampleRate`. */
  packetSamples: number;
  /** Samples at `sampleRate` to drop from the beginning of what the decoder gives. */
  preSkip: number;
}

/** What is in the packets. */
export interface OpusStream extends OpusFormat {
  packets: readonly Uint8Array[];
  /** Samples at `sampleRate` that are heard; the rest of the last packet is padding. */
  samples: number;
}

/** The packets as one file, mono. */
export function encodeOggOpus({ packets, samples, ...format }: OpusStream): Uint8Array<ArrayBuffer> {
  const writer = new OggOpusWriter(format);
  const pieces = [writer.head()];
  for (let at = 0; at < packets.length; at += PACKETS_A_PAGE)
    pieces.push(writer.add(packets.slice(at, at + PACKETS_A_PAGE)));
  return joinBytes([...pieces, writer.end(samples)]);
}

/** Writes such a file while its packets are made, for whoever reads it meanwhile. */
export class OggOpusWriter {
  readonly #format: OpusFormat;
  /** Samples of `sampleRate` as the file counts them. */
  readonly #scale: number;
  #pages = 0;
  #packets = 0;
  /** The last page says that it is the last: the newest packets wait until it is known. */
  #held: readonly Uint8Array[] = [];

  constructor(format: OpusFormat) {
    this.#format = format;
    this.#scale = OGG_OPUS_RATE / format.sampleRate;
  }

  /** The beginning of the file. */
  head(): Uint8Array<ArrayBuffer> {
    const { preSkip, sampleRate } = this.#format;
    const first = this.#page([head(preSkip * this.#scale, sampleRate)], 0, BEGIN_OF_STREAM);
    return joinBytes([first, this.#page([tags()], 0, 0)]);
  }

  /** Takes the next packets, as many as fit on one page; gives out those before. */
  add(packets: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
    const before = this.#held;
    this.#held = packets;
    if (before.length === 0) return new Uint8Array(0);
    this.#packets += before.length;
    return this.#page(before, this.#packets * this.#format.packetSamples * this.#scale, 0);
  }

  /** The end of the file. @param samples at `sampleRate` that are heard of it; by default all there are */
  end(samples?: number): Uint8Array<ArrayBuffer> {
    const all = (this.#packets + this.#held.length) * this.#format.packetSamples;
    const heard = samples === undefined ? all : samples + this.#format.preSkip;
    return this.#page(this.#held, heard * this.#scale, END_OF_STREAM);
  }

  #page(packets: readonly Uint8Array[], position: number, flags: number): Uint8Array<ArrayBuffer> {
    return page(packets, position, this.#pages++, flags);
  }
}

function head(preSkip: number, sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(19);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("OpusHead"));
  view.setUint8(8, 1);
  view.setUint8(9, 1);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, sampleRate, true);
  return bytes;
}

function tags(): Uint8Array {
  const vendor = new TextEncoder().encode("bardcast");
  const bytes = new Uint8Array(16 + vendor.length);
  bytes.set(new TextEncoder().encode("OpusTags"));
  new DataView(bytes.buffer).setUint32(8, vendor.length, true);
  bytes.set(vendor, 12);
  return bytes;
}

function page(
  packets: readonly Uint8Array[],
  position: number,
  sequence: number,
  flags: number,
): Uint8Array<ArrayBuffer> {
  const segments = packets.flatMap(({ length }) => [
    ...Array(Math.floor(length / 255)).fill(255),
    length % 255,
  ]);
  const size = packets.reduce((sum, packet) => sum + packet.length, 27 + segments.length);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("OggS"));
  view.setUint8(5, flags);
  view.setBigUint64(6, BigInt(position), true);
  view.setUint32(14, SERIAL, true);
  view.setUint32(18, sequence, true);
  view.setUint8(26, segments.length);
  bytes.set(segments, 27);
  let at = 27 + segments.length;
  for (const packet of packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, checksum(bytes), true);
  return bytes;
}

const CRC_TABLE = new Uint32Array(256).map((_, index) => {
  let remainder = index << 24;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 0x80000000 ? (remainder << 1) ^ 0x04c11db7 : remainder << 1;
  return remainder;
});

function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = (crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 255] as number);
  return crc >>> 0;
}
