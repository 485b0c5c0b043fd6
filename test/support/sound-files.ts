import { joinBytes } from "../../src/core/bytes.ts";
import { wavHeader } from "../../src/core/dsp/wav.ts";

/** 16-bit mono at 24 kHz. */
export function wavOf(samples: Float32Array): Uint8Array<ArrayBuffer> {
  const pcm = Int16Array.from(samples, (sample) => Math.round(32_767 * sample));
  return joinBytes([wavHeader(pcm.byteLength, 24_000), new Uint8Array(pcm.buffer)]);
}

/** Frames of MPEG-1 Layer III, 128 kbit/s, 44.1 kHz: 26.1 ms each, with nothing in them. */
export function mp3Of(frames: number, options: { tagBytes?: number } = {}): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(417);
  frame.set([0xff, 0xfb, 0x90, 0x00]);
  const tag = new Uint8Array(options.tagBytes ? 10 + options.tagBytes : 0);
  if (options.tagBytes) {
    tag.set(new TextEncoder().encode("ID3"));
    tag.set([4, 0, 0, 0, 0, options.tagBytes >> 7, options.tagBytes & 0x7f], 3);
  }
  return joinBytes([tag, ...Array.from({ length: frames }, () => frame)]);
}

/** The head of a FLAC file, and as many bytes after it as its blocks might have. */
export function flacOf(seconds: number, channels = 2, rate = 44_100): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(200);
  bytes.set(new TextEncoder().encode("fLaC"));
  bytes[7] = 34;
  const view = new DataView(bytes.buffer);
  view.setUint32(18, (rate << 12) | ((channels - 1) << 9) | (15 << 4));
  view.setUint32(22, seconds * rate);
  return bytes;
}

/** A whole FLAC file, 16-bit mono, its samples as they are (RFC 9639 §9.2.4). @param variable frames of 3,000 to 4,200 samples, which they then count */
export function wholeFlac(samples: Float32Array, rate: number, variable = false): Uint8Array<ArrayBuffer> {
  const head = flacOf(0, 1, rate).subarray(0, 42);
  head[4] = 0x80;
  const view = new DataView(head.buffer);
  view.setUint16(8, variable ? 3_000 : 4_096);
  view.setUint16(10, variable ? 4_200 : 4_096);
  view.setUint32(22, samples.length);
  const frames: Uint8Array[] = [];
  for (let from = 0; from < samples.length; ) {
    const count = Math.min(samples.length - from, variable ? 3_000 + ((frames.length * 300) % 1_200) : 4_096);
    const number = variable ? from : frames.length;
    frames.push(flacFrame(samples.subarray(from, from + count), number, variable));
    from += count;
  }
  return joinBytes([head, ...frames]);
}

function flacFrame(samples: Float32Array, number: number, variable: boolean): Uint8Array {
  const size = samples.length - 1;
  const begin = [0xff, variable ? 0xf9 : 0xf8, 0x70, 0x08, ...coded(number), size >> 8, size & 0xff];
  const body = samples.reduce<number[]>((bytes, sample) => {
    const value = Math.round(32_767 * sample);
    bytes.push((value >> 8) & 0xff, value & 0xff);
    return bytes;
  }, []);
  const frame = [...begin, crcOf(begin, 8, 0x07), 0x02, ...body];
  const sum = crcOf(frame, 16, 0x8005);
  return Uint8Array.from([...frame, sum >> 8, sum & 0xff]);
}

/** As UTF-8 would write it. */
function coded(number: number): number[] {
  if (number < 0x80) return [number];
  let length = 2;
  while (number >= 2 ** (5 * length + 1)) length += 1;
  const rest = Array.from({ length: length - 1 }, (_, i) => 0x80 | ((number >> (6 * i)) & 0x3f));
  const first = ((0xff00 >> length) & 0xff) | (number >> (6 * (length - 1)));
  return [first, ...rest.toReversed()];
}

function crcOf(bytes: readonly number[], bits: 8 | 16, polynomial: number): number {
  const top = 1 << (bits - 1);
  return bytes.reduce((crc, byte) => {
    let value = crc ^ (byte << (bits - 8));
    for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value & top ? polynomial : 0);
    return value & (2 * top - 1);
  }, 0);
}

/** First and last page of an Ogg stream. */
export function oggOf(seconds: number, codec: "vorbis" | "opus", channels = 1): Uint8Array<ArrayBuffer> {
  const packet = new Uint8Array(64);
  const view = new DataView(packet.buffer);
  if (codec === "vorbis") {
    packet.set(new TextEncoder().encode("\u0001vorbis"));
    packet[11] = channels;
    view.setUint32(12, 44_100, true);
  } else {
    packet.set(new TextEncoder().encode("OpusHead"));
    packet[9] = channels;
  }
  return joinBytes([
    page(0, packet),
    page(seconds * (codec === "vorbis" ? 44_100 : 48_000), new Uint8Array(100)),
  ]);
}

function page(position: number, packet: Uint8Array): Uint8Array {
  const head = new Uint8Array(28);
  head.set(new TextEncoder().encode("OggS"));
  new DataView(head.buffer).setUint32(6, position, true);
  head[26] = 1;
  head[27] = packet.length;
  return joinBytes([head, packet]);
}
