import type { LineFrame } from "../../../src/client/index.ts";
import type { OpusDecoder } from "../../../src/client/playout/opus.ts";
import { packOpus } from "../../../src/core/protocol/frame.ts";
import {
  type Codec,
  OPUS_PRE_SKIP,
  PACKET_SAMPLES,
  type SpeechBeginMessage,
} from "../../../src/core/protocol/v2.ts";

/** Places in a line are told apart by blocks of so many samples: 10 ms. */
export const BLOCK = 240;
/** Blocks that a line may have. */
const MAX_BLOCKS = 2_048;
/** Packets in a frame: 100 ms. */
const FRAME_PACKETS = 5;
const SAMPLES_PER_MS = 24;

/** A line every sample of which says whose it is, and where in its line it stands. */
export interface MarkedLine {
  index: number;
  id: string;
  begin: SpeechBeginMessage;
  texts: { sentence: number; text: string }[];
  frames: LineFrame[];
  /** Samples. */
  length: number;
  /** Where sentences begin; samples. */
  sentences: number[];
}

export interface LinePlan {
  index: number;
  codec: Codec;
  /** Packets of 20 ms of each sentence. */
  packets: readonly number[];
  priority: number;
  interrupt: boolean;
}

export function markedLine({ index, codec, packets, priority, interrupt }: LinePlan): MarkedLine {
  const id = `line ${index}`;
  const line: MarkedLine = {
    index,
    id,
    begin: {
      type: "speech.begin",
      offset: 0,
      utterance: id,
      handle: index,
      speaker: "dm",
      private: false,
      codec,
      sampleRate: 24_000,
      channels: 1,
      preSkip: codec === "opus" ? OPUS_PRE_SKIP : 0,
      priority,
      language: "en",
      speed: 1,
      pitch: 0,
      ...(interrupt ? { interrupt: true } : {}),
    },
    texts: packets.map((_, sentence) => ({ sentence, text: `Sentence ${sentence} of line ${index}.` })),
    frames: [],
    length: 0,
    sentences: [],
  };
  for (const count of packets) addSentence(line, count);
  return line;
}

function addSentence(line: MarkedLine, count: number): void {
  line.sentences.push(line.length);
  for (let packet = 0; packet < count; packet += FRAME_PACKETS) {
    const packets = Math.min(FRAME_PACKETS, count - packet);
    const pts = line.length;
    const discontinuity = packet === 0;
    const length = packets * PACKET_SAMPLES - (discontinuity ? OPUS_PRE_SKIP : 0);
    line.length += length;
    line.frames.push({
      utterance: line.id,
      handle: line.index,
      first: line.frames.length === 0,
      last: false,
      discontinuity,
      sequence: line.frames.length,
      ptsSamples: pts,
      packets,
      payload:
        line.begin.codec === "opus" ? opusPayload(line, pts, length, packets) : pcmPayload(line, pts, length),
    });
  }
}

/** Each packet says whose it is and where it begins. */
function opusPayload(
  line: MarkedLine,
  pts: number,
  length: number,
  packets: number,
): Uint8Array<ArrayBuffer> {
  const start = pts + length - packets * PACKET_SAMPLES;
  return packOpus(
    Array.from({ length: packets }, (_, at) => {
      const packet = new Uint8Array(8);
      const view = new DataView(packet.buffer);
      view.setInt32(0, start + at * PACKET_SAMPLES);
      view.setInt32(4, line.index);
      return packet;
    }),
  );
}

function pcmPayload(line: MarkedLine, pts: number, length: number): Uint8Array<ArrayBuffer> {
  const payload = new Uint8Array(2 * length);
  const view = new DataView(payload.buffer);
  for (let at = 0; at < length; at++) view.setInt16(2 * at, markOf(line.index, pts + at), true);
  return payload;
}

/** Decodes the packets of marked lines; what it conceals is silent. */
export async function createMarkedOpus(): Promise<OpusDecoder> {
  return {
    decode: (packet) => {
      const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
      const [pts, line] = [view.getInt32(0), view.getInt32(4)];
      return Float32Array.from({ length: PACKET_SAMPLES }, (_, at) =>
        pts + at < 0 ? 0 : markOf(line, pts + at) / 0x8000,
      );
    },
    conceal: (samples) => new Float32Array(samples),
    free: () => undefined,
  };
}

/** A number that 16 bits can hold: of at most 15 lines. */
function markOf(line: number, pts: number): number {
  return line * MAX_BLOCKS + Math.floor(pts / BLOCK) + 1;
}

/** Whose a sample is, and in which block of the line it stands; undefined for silence. */
export function placeOf(sample: number): { line: number; block: number } | undefined {
  const mark = Math.round(sample * 0x8000) - 1;
  if (mark < 0) return undefined;
  return { line: Math.floor(mark / MAX_BLOCKS), block: mark % MAX_BLOCKS };
}

export function samplesOf(ms: number): number {
  return Math.round(ms * SAMPLES_PER_MS);
}
