/**
 * Ogg Opus (RFC 7845, RFC 3533): packets of Opus as one playable file.
 * @module
 */

/** What an Ogg Opus file counts in, whatever was encoded. */
const OGG_OPUS_RATE = 48_000;
/** Packets of 20 ms on one page: a fifth of a second is lost with a page. */
const PACKETS_A_PAGE = 10;
/** The one stream of a file needs a serial number; any will do. */
const SERIAL = 0x42617264;

const BEGIN_OF_STREAM = 2;
const END_OF_STREAM = 4;

/** What is in the packets. */
export interface OpusStream {
  packets: readonly Uint8Array[];
  /** Hz that was encoded. */
  sampleRate: number;
  /** Samples in each packet, at `sampleRate`. */
  packetSamples: number;
  /** Samples at `sampleRate` to drop from the beginning of what the decoder gives. */
  preSkip: number;
  /** Samples at `sampleRate` that are heard; the rest of the last packet is padding. */
  samples: number;
}

/** The packets as one file, mono. */
export function encodeOggOpus(stream: OpusStream): Uint8Array<ArrayBuffer> {
  const scale = OGG_OPUS_RATE / stream.sampleRate;
  const preSkip = stream.preSkip * scale;
  const pages = [page([head(preSkip, stream.sampleRate)], 0, 0, BEGIN_OF_STREAM), page([tags()], 0, 1, 0)];
  for (let at = 0; at < stream.packets.length; at += PACKETS_A_PAGE) {
    const packets = stream.packets.slice(at, at + PACKETS_A_PAGE);
    const isLast = at + PACKETS_A_PAGE >= stream.packets.length;
    const position = isLast
      ? stream.samples * scale + preSkip
      : (at + packets.length) * stream.packetSamples * scale;
    pages.push(page(packets, position, pages.length, isLast ? END_OF_STREAM : 0));
  }
  const file = new Uint8Array(pages.reduce((sum, bytes) => sum + bytes.length, 0));
  let at = 0;
  for (const bytes of pages) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
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

function page(packets: readonly Uint8Array[], position: number, sequence: number, flags: number): Uint8Array {
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
