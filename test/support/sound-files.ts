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
