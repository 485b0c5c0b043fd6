import { joinBytes } from "../../../core/bytes.ts";

/** How one sample is written. */
export type SampleEncoding = "signed" | "unsigned" | "float" | "mulaw" | "alaw";

/** Sound without a container. */
export interface PcmFormat {
  encoding: SampleEncoding;
  /** Of one sample: 1…4 of whole numbers, 4 or 8 of floats, 1 of the others. */
  bytes: number;
  isBigEndian: boolean;
  /** Samples one after the other that are heard at once. */
  channels: number;
  /** Hz */
  sampleRate: number;
}

/** What is meant where nothing is said: 16 bits, one channel, little endian. @param sampleRate Hz */
export function plainPcm(sampleRate: number): PcmFormat {
  return { encoding: "signed", bytes: 2, isBigEndian: false, channels: 1, sampleRate };
}

/** Bytes of one sample that there are, by encoding. */
const WIDTHS: Readonly<Record<SampleEncoding, readonly number[]>> = {
  signed: [1, 2, 3, 4],
  unsigned: [1, 2, 3, 4],
  float: [4, 8],
  mulaw: [1],
  alaw: [1],
};
/** More is no speech. */
const MAX_CHANNELS = 255;

/** Whether it can be read. */
export function isReadable({ encoding, bytes, channels }: PcmFormat): boolean {
  return WIDTHS[encoding].includes(bytes) && channels >= 1 && channels <= MAX_CHANNELS;
}

/** Reads samples that arrive in pieces of any length; channels are mixed to one. */
export class PcmReader {
  readonly #channels: number;
  readonly #bytes: number;
  readonly #sampleAt: (view: DataView, at: number) => number;
  #carried: Uint8Array = new Uint8Array();

  /** @param format readable */
  constructor(format: PcmFormat) {
    this.#channels = format.channels;
    this.#bytes = format.bytes;
    this.#sampleAt = decoderOf(format);
  }

  /** The samples that are complete now, −1…1. */
  push(bytes: Uint8Array): Float32Array<ArrayBuffer> {
    const joined = joinBytes([this.#carried, bytes]);
    const frame = this.#bytes * this.#channels;
    const frames = Math.floor(joined.length / frame);
    this.#carried = joined.slice(frames * frame);
    const view = new DataView(joined.buffer);
    return Float32Array.from({ length: frames }, (_, index) => this.#mixed(view, index * frame));
  }

  #mixed(view: DataView, from: number): number {
    let sum = 0;
    for (let channel = 0; channel < this.#channels; channel++)
      sum += this.#sampleAt(view, from + channel * this.#bytes);
    return sum / this.#channels;
  }
}

function decoderOf({ encoding, bytes, isBigEndian }: PcmFormat): (view: DataView, at: number) => number {
  if (encoding === "mulaw") return (view, at) => fromMulaw(view.getUint8(at));
  if (encoding === "alaw") return (view, at) => fromAlaw(view.getUint8(at));
  const isLittle = !isBigEndian;
  if (encoding === "float")
    return bytes === 4
      ? (view, at) => view.getFloat32(at, isLittle)
      : (view, at) => view.getFloat64(at, isLittle);
  const scale = 2 ** (8 * bytes - 1);
  const signed = signedReader(bytes, isLittle);
  // An unsigned sample is a signed one whose first bit is turned.
  if (encoding === "unsigned")
    return (view, at) => {
      const value = signed(view, at) / scale;
      return value < 0 ? value + 1 : value - 1;
    };
  return (view, at) => signed(view, at) / scale;
}

function signedReader(bytes: number, isLittle: boolean): (view: DataView, at: number) => number {
  if (bytes === 1) return (view, at) => view.getInt8(at);
  if (bytes === 2) return (view, at) => view.getInt16(at, isLittle);
  if (bytes === 4) return (view, at) => view.getInt32(at, isLittle);
  return isLittle
    ? (view, at) => view.getInt16(at + 1, true) * 256 + view.getUint8(at)
    : (view, at) => view.getInt16(at, false) * 256 + view.getUint8(at + 2);
}

/** ITU-T G.711, µ-law. */
function fromMulaw(code: number): number {
  const bits = ~code & 0xff;
  const size = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return (bits & 0x80 ? -size : size) / 32_768;
}

/** ITU-T G.711, A-law. */
function fromAlaw(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const step = ((bits & 0x0f) << 4) + 8;
  const size = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return (bits & 0x80 ? size : -size) / 32_768;
}
