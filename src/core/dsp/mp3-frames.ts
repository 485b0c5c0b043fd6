/** kbit/s of Layer III by its index: of MPEG-1, and of MPEG-2 and 2.5 (ISO/IEC 11172-3 §2.4.2.3, 13818-3). */
const RATES_1: readonly number[] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2: readonly number[] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const HERTZ: readonly number[] = [44_100, 48_000, 32_000];
const MPEG_1 = 3;
const MPEG_25 = 0;
const LAYER_3 = 1;

/** Bytes between its tag and its first frame, and between two frames, that are no frame. */
const MAX_GAP = 64 * 1024;
/** Frames in a row that show that this is one: what looks like a head is found in anything. */
const LEAST_FRAMES = 3;
const ID3_HEAD = 10;

interface Frame {
  bytes: number;
  seconds: number;
}

/** Seconds of an mp3 file, by its frames; undefined where it is none. */
export function mp3Seconds(bytes: Uint8Array): number | undefined {
  let at = firstFrame(bytes, afterTag(bytes));
  if (at === undefined) return undefined;
  let seconds = 0;
  while (at !== undefined) {
    const frame = frameAt(bytes, at);
    if (!frame) at = firstFrame(bytes, at);
    else {
      seconds += frame.seconds;
      at += frame.bytes;
    }
  }
  return seconds;
}

/** Where ID3v2 ends, if it begins with that (id3.org, ID3v2.4 §3.1). */
function afterTag(bytes: Uint8Array): number {
  const isTagged = bytes[0] === 0x49 && bytes[1] === 0x44 && bytes[2] === 0x33;
  if (!isTagged || bytes.length < ID3_HEAD) return 0;
  const size = bytes.subarray(6, ID3_HEAD).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  return ID3_HEAD + size;
}

/** The next place, not far away, from which on frames follow each other. */
function firstFrame(bytes: Uint8Array, from: number): number | undefined {
  const last = Math.min(from + MAX_GAP, bytes.length - 4);
  for (let at = from; at < last; at++) if (bytes[at] === 0xff && isRow(bytes, at)) return at;
  return undefined;
}

function isRow(bytes: Uint8Array, from: number): boolean {
  let at = from;
  for (let count = 0; count < LEAST_FRAMES; count++) {
    const frame = frameAt(bytes, at);
    if (!frame) return false;
    at += frame.bytes;
  }
  return true;
}

function frameAt(bytes: Uint8Array, at: number): Frame | undefined {
  const second = bytes[at + 1] ?? 0;
  const third = bytes[at + 2] ?? 0;
  const version = (second >> 3) & 3;
  if (bytes[at] !== 0xff || second < 0xe0 || version === 1 || ((second >> 1) & 3) !== LAYER_3)
    return undefined;
  const isFirst = version === MPEG_1;
  const kbits = (isFirst ? RATES_1 : RATES_2)[third >> 4];
  const hertz = HERTZ[(third >> 2) & 3];
  if (!kbits || !hertz) return undefined;
  const rate = isFirst ? hertz : version === MPEG_25 ? hertz / 4 : hertz / 2;
  const samples = isFirst ? 1152 : 576;
  const padding = (third >> 1) & 1;
  return { bytes: Math.floor((samples * 125 * kbits) / rate) + padding, seconds: samples / rate };
}
