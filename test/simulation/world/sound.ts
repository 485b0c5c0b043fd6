import { FRAME_HEADER_BYTES, packOpus } from "../../../src/core/protocol/frame.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES } from "../../../src/core/protocol/v2.ts";
import type { FrameEncoding } from "../../../src/engines/contract/sentence-job.ts";

/** What one packet of simulated sound says of itself, so that ears know what they hear. */
export interface Marker {
  line: number;
  sentence: number;
  /** Which time the sentence was spoken, over all engines. */
  attempt: number;
  /** From 0, in the sentence. */
  packet: number;
  /** Packets in the sentence. */
  packets: number;
}

const MARKER_BYTES = 12;
const MAGIC = 0x5a5a;
/** The name of a sentence, wherever it is written. */
export const SENTENCE_NAME: RegExp = /K(\d+)S(\d+)/;

/** A sentence's packets from `from` to `to` in one encoding, with room for the header. */
export function frameBytes(
  encoding: FrameEncoding,
  of: Omit<Marker, "packet">,
  from: number,
  to: number,
): Uint8Array<ArrayBuffer> {
  if (encoding !== "pcm16") {
    const packets = [];
    for (let packet = from; packet < to; packet++) packets.push(markerBytes({ ...of, packet }));
    return packOpus(packets, FRAME_HEADER_BYTES);
  }
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + 2 * samplesOf(from, to));
  for (let packet = from; packet < to; packet++) {
    const at = packet === from ? 0 : 2 * samplesOf(from, packet);
    write(new DataView(bytes.buffer, FRAME_HEADER_BYTES + at), { ...of, packet });
  }
  return bytes;
}

/** Samples that are heard of packets `from` to `to` of a sentence. */
export function samplesOf(from: number, to: number): number {
  return (to - from) * PACKET_SAMPLES - (from === 0 ? OPUS_PRE_SKIP : 0);
}

/** A whole sentence as bytes of a clip. */
export function clipBytes(of: Omit<Marker, "packet">): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(MARKER_BYTES * of.packets);
  for (let packet = 0; packet < of.packets; packet++) {
    write(new DataView(bytes.buffer, packet * MARKER_BYTES), { ...of, packet });
  }
  return bytes;
}

/** What a frame's payload says of itself. @throws Error where that is no simulated sound */
export function frameMarkers(payload: Uint8Array, isOpus: boolean, begins: boolean): Marker[] {
  const markers: Marker[] = [];
  for (let at = 0; at < payload.length; ) {
    const view = new DataView(payload.buffer, payload.byteOffset + at);
    if (isOpus) {
      if (view.getUint16(0, true) !== MARKER_BYTES)
        throw new Error(`a packet at ${at} is none that was sent`);
      markers.push(read(new DataView(payload.buffer, payload.byteOffset + at + 2)));
      at += 2 + MARKER_BYTES;
    } else {
      markers.push(read(view));
      at += 2 * (PACKET_SAMPLES - (begins && at === 0 ? OPUS_PRE_SKIP : 0));
    }
    if (at > payload.length) throw new Error("a frame ends in the middle of a packet");
  }
  return markers;
}

/** What a whole clip says of itself. @throws Error where it is not one sentence, from its first packet to its last */
export function clipMarker(bytes: Uint8Array): Marker {
  const first = read(new DataView(bytes.buffer, bytes.byteOffset));
  if (bytes.length !== first.packets * MARKER_BYTES) throw new Error("a clip has not the length that it had");
  for (let packet = 0; packet < first.packets; packet++) {
    const marker = read(new DataView(bytes.buffer, bytes.byteOffset + packet * MARKER_BYTES));
    if (marker.packet !== packet || marker.line !== first.line || marker.sentence !== first.sentence)
      throw new Error(`packet ${packet} of a clip is another's: ${JSON.stringify([first, marker])}`);
  }
  return first;
}

function markerBytes(marker: Marker): Uint8Array {
  const bytes = new Uint8Array(MARKER_BYTES);
  write(new DataView(bytes.buffer), marker);
  return bytes;
}

function write(view: DataView, { line, sentence, attempt, packet, packets }: Marker): void {
  view.setUint16(0, MAGIC);
  view.setUint16(2, line);
  view.setUint16(4, sentence);
  view.setUint16(6, attempt);
  view.setUint16(8, packet);
  view.setUint16(10, packets);
}

function read(view: DataView): Marker {
  if (view.byteLength < MARKER_BYTES || view.getUint16(0) !== MAGIC)
    throw new Error("there is sound that nobody made");
  return {
    line: view.getUint16(2),
    sentence: view.getUint16(4),
    attempt: view.getUint16(6),
    packet: view.getUint16(8),
    packets: view.getUint16(10),
  };
}

/** The line of which some sound is: the beginning of a payload, or of a piece of a clip. */
export function lineOfSound(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = view.getUint16(0) === MAGIC ? 0 : 2;
  return read(new DataView(bytes.buffer, bytes.byteOffset + at)).line;
}
