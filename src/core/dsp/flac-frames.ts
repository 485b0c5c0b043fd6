/** Samples of a frame by the code in its head, where it does not stand there (RFC 9639 §9.1.1). */
const SAMPLES: readonly number[] = [
  0, 192, 576, 1_152, 2_304, 4_608, 0, 0, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768,
];
const BYTE_SAMPLES = 6;
const WORD_SAMPLES = 7;
/** Codes of the rate after which it stands in the head, in a byte or two; and one that none has. */
const BYTE_RATE = 12;
const WORD_RATES = [13, 14];
const NO_RATE = 15;
const CHANNEL_CODES = 11;
/** x⁸ + x² + x + 1 */
const CRC_8 = 0x07;
const BLOCK_HEAD = 4;
/** Of the block that comes first and describes the stream. */
const STREAM_BYTES = 34;

/** A FLAC file as it describes itself, and its frames. */
export interface FlacFile {
  /** Hz */
  rate: number;
  /** Where the description stands. */
  streamAt: number;
  frames: readonly FlacFrame[];
  /** Where the last frame ends. */
  end: number;
}

/** A frame of a FLAC file: it can be decoded by itself. */
export interface FlacFrame {
  at: number;
  /** Where its first sample stands, counted from the first frame's. */
  place: number;
  samples: number;
}

/** The frames of a FLAC file; undefined where it is none, or is not whole. */
export function flacFile(bytes: Uint8Array): FlacFile | undefined {
  const isFlac = [..."fLaC"].every((letter, index) => bytes[index] === letter.charCodeAt(0));
  const streamAt = 4 + BLOCK_HEAD;
  if (!isFlac || bytes.length < streamAt + STREAM_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rate = view.getUint32(streamAt + 10) >>> 12;
  const total = (view.getUint8(streamAt + 13) & 15) * 2 ** 32 + view.getUint32(streamAt + 14);
  const frames: FlacFrame[] = [];
  let place = 0;
  let expected: number | undefined;
  for (let at = afterBlocks(bytes, view); ; at++) {
    at = bytes.indexOf(0xff, at);
    const head = at < 0 ? undefined : headAt(bytes, at);
    if (at < 0) break;
    // What looks like a head is found in anything: heads count their frames, or the samples in them.
    if (!head || (expected !== undefined && head.number !== expected)) continue;
    frames.push({ at, place, samples: head.samples });
    place += head.samples;
    expected = head.number + (head.countsSamples ? head.samples : 1);
  }
  const isWhole = rate > 0 && frames.length > 0 && (total === 0 || place === total);
  return isWhole ? { rate, streamAt, frames, end: bytes.length } : undefined;
}

/** Where what describes the file ends. */
function afterBlocks(bytes: Uint8Array, view: DataView): number {
  let at = 4;
  for (let isLast = false; !isLast && at + BLOCK_HEAD <= bytes.length; ) {
    isLast = view.getUint8(at) >= 0x80;
    at += BLOCK_HEAD + (view.getUint32(at) & 0xff_ffff);
  }
  return at;
}

interface Head {
  /** Of the frame, or of its first sample. */
  number: number;
  countsSamples: boolean;
  samples: number;
}

/** The head of a frame, if there is one (RFC 9639 §9.1). */
function headAt(bytes: Uint8Array, at: number): Head | undefined {
  const [, sync = 0, codes = 0, form = 0] = bytes.subarray(at, at + 4);
  const rateCode = codes & 15;
  const isHead =
    (sync & 0xfe) === 0xf8 &&
    codes >> 4 !== 0 &&
    rateCode !== NO_RATE &&
    form >> 4 < CHANNEL_CODES &&
    (form & 1) === 0;
  const coded = isHead ? codedNumber(bytes, at + 4) : undefined;
  if (!coded) return undefined;
  let end = at + 4 + coded.bytes;
  let samples = SAMPLES[codes >> 4] ?? 0;
  if (codes >> 4 === BYTE_SAMPLES) samples = (bytes[end++] ?? 0) + 1;
  if (codes >> 4 === WORD_SAMPLES) samples = (bytes[end++] ?? 0) * 256 + (bytes[end++] ?? 0) + 1;
  if (rateCode === BYTE_RATE) end += 1;
  if (WORD_RATES.includes(rateCode)) end += 2;
  if (end >= bytes.length || crc8(bytes.subarray(at, end)) !== bytes[end]) return undefined;
  return { number: coded.number, countsSamples: (sync & 1) === 1, samples };
}

/** A number of up to 36 bits, written as UTF-8 would write it. */
function codedNumber(bytes: Uint8Array, at: number): { number: number; bytes: number } | undefined {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { number: first, bytes: 1 };
  const length = Math.clz32(~(first << 24));
  if (length < 2 || length > 7) return undefined;
  let number = first & (0xff >> (length + 1));
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index] ?? 0;
    if ((byte & 0xc0) !== 0x80) return undefined;
    number = number * 64 + (byte & 0x3f);
  }
  return { number, bytes: length };
}

function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? CRC_8 : 0)) & 0xff;
  }
  return crc;
}
