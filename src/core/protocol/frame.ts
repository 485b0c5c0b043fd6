/**
 * The binary frames of the v2 wire: a header of 16 bytes, little endian, and a payload of audio.
 *
 * ```
 * u8 version=2 · u8 flags · u16 handle · u32 sequence · u32 ptsSamples · u16 packets · u16 reserved=0 · payload
 * ```
 *
 * A frame is a whole number of packets of 20 ms. Its payload is `packets` times (u16 length, bytes) of Opus,
 * or 16-bit samples.
 * @module
 */
import { BardcastError } from "../errors.ts";

export const FRAME_VERSION = 2;
export const FRAME_HEADER_BYTES = 16;

const FIRST = 1;
const LAST = 2;
const DISCONTINUITY = 4;

/** What stands before a frame's payload. */
export interface FrameHeader {
  /** The first frame of its line. */
  first: boolean;
  /** The last frame of its line. */
  last: boolean;
  /** A sentence begins: the decoder starts anew, and the first `preSkip` samples it gives are not heard. */
  discontinuity: boolean;
  /** The line's, from its `speech.begin`: 0…65535. */
  handle: number;
  /** From 0, counted over the frames of a line. */
  sequence: number;
  /** Where its first heard sample stands in the line, in samples at the line's rate. */
  ptsSamples: number;
  /** Packets of 20 ms in it: 1…65535. */
  packets: number;
}

export interface Frame extends FrameHeader {
  /** A view of the bytes that were decoded, not a copy. */
  payload: Uint8Array<ArrayBuffer>;
}

/** Writes the header into the first 16 bytes of `bytes`, whose rest is the payload. */
export function writeFrameHeader(bytes: Uint8Array, header: FrameHeader): void {
  // Byte by byte: a view would have the runtime lay out a buffer of its own for each small message.
  bytes[0] = FRAME_VERSION;
  bytes[1] =
    (header.first ? FIRST : 0) | (header.last ? LAST : 0) | (header.discontinuity ? DISCONTINUITY : 0);
  writeNumber(bytes, 2, header.handle, 2);
  writeNumber(bytes, 4, header.sequence, 4);
  writeNumber(bytes, 8, header.ptsSamples, 4);
  writeNumber(bytes, 12, header.packets, 2);
  writeNumber(bytes, 14, 0, 2);
}

/** Little endian. */
function writeNumber(bytes: Uint8Array, at: number, value: number, size: 2 | 4): void {
  for (let byte = 0; byte < size; byte++) bytes[at + byte] = value >>> (8 * byte);
}

/** One frame as the bytes of a message. */
export function encodeFrame({ payload, ...header }: Frame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  writeFrameHeader(bytes, header);
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

/** The frame in a message. @throws BardcastError `bad-frame` */
export function decodeFrame(bytes: Uint8Array<ArrayBuffer>): Frame {
  if (bytes.length < FRAME_HEADER_BYTES) throw badFrame("it is shorter than its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, FRAME_HEADER_BYTES);
  const version = view.getUint8(0);
  if (version !== FRAME_VERSION) throw badFrame(`version ${version} is not ${FRAME_VERSION}`);
  const flags = view.getUint8(1);
  return {
    first: (flags & FIRST) !== 0,
    last: (flags & LAST) !== 0,
    discontinuity: (flags & DISCONTINUITY) !== 0,
    handle: view.getUint16(2, true),
    sequence: view.getUint32(4, true),
    ptsSamples: view.getUint32(8, true),
    packets: view.getUint16(12, true),
    payload: bytes.subarray(FRAME_HEADER_BYTES),
  };
}

/** Packets of Opus as a payload, with `headroom` bytes left free before it. */
export function packOpus(packets: readonly Uint8Array[], headroom = 0): Uint8Array<ArrayBuffer> {
  const size = packets.reduce((sum, packet) => sum + 2 + packet.length, headroom);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = headroom;
  for (const packet of packets) {
    view.setUint16(at, packet.length, true);
    bytes.set(packet, at + 2);
    at += 2 + packet.length;
  }
  return bytes;
}

/** The packets of Opus in a frame, as views. @throws BardcastError `bad-frame` */
export function unpackOpus({ payload, packets }: Pick<Frame, "payload" | "packets">): Uint8Array[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const out: Uint8Array[] = [];
  let at = 0;
  while (at + 2 <= payload.length) {
    const end = at + 2 + view.getUint16(at, true);
    if (end > payload.length) throw badFrame("it is shorter than its packets");
    out.push(payload.subarray(at + 2, end));
    at = end;
  }
  if (at !== payload.length || out.length !== packets) throw badFrame(`it has not ${packets} packets`);
  return out;
}

function badFrame(what: string): BardcastError {
  return new BardcastError("bad-frame", `not an audio frame: ${what}`);
}
