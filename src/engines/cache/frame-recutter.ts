import { FRAME_HEADER_BYTES } from "../../core/protocol/frame.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES } from "../../core/protocol/v2.ts";
import type { FrameEncoding, SentenceFrame } from "../contract/sentence-job.ts";
import { FramePace } from "../render/frame-pace.ts";
import { lengthAt, type Stretch } from "./stretch.ts";

/**
 * Cuts sound that is encoded already into frames for other listeners than it was made for: packets are
 * copied, none is encoded again. The copies have room for a header of their own.
 */
export class FrameRecutter {
  readonly #encodings: readonly FrameEncoding[];
  readonly #pace: FramePace;
  /** What waits to be cut, and how far into its first stretch the cutting is. */
  #stretches: Stretch[] = [];
  #packets = 0;
  #isFirst = true;

  /**
   * @param encodings among those of the sound
   * @param aheadMs as in `SentenceJob`
   */
  constructor(encodings: readonly FrameEncoding[], aheadMs: number) {
    this.#encodings = encodings;
    this.#pace = new FramePace(aheadMs);
  }

  /** Takes a stretch that is not the sentence's last; gives the frames it completes. */
  *push(stretch: Stretch): Generator<SentenceFrame, void, undefined> {
    this.#add(stretch);
    for (let size = this.#size(); this.#packets >= size; size = this.#size()) yield this.#take(size, false);
  }

  /** Takes the sentence's last stretch; gives all frames that are left. */
  *finish(stretch: Stretch): Generator<SentenceFrame, void, undefined> {
    this.#add(stretch);
    while (this.#packets > 0) {
      const size = Math.min(this.#size(), this.#packets);
      yield this.#take(size, size === this.#packets);
    }
  }

  #size(): number {
    return this.#pace.size() / PACKET_SAMPLES;
  }

  #add(stretch: Stretch): void {
    this.#stretches.push(stretch);
    this.#packets += stretch.packets;
  }

  #take(packets: number, ends: boolean): SentenceFrame {
    const begins = this.#isFirst;
    const parts = this.#split(packets);
    this.#isFirst = false;
    this.#packets -= packets;
    const samples = packets * PACKET_SAMPLES;
    this.#pace.made(samples);
    return {
      begins,
      ends,
      packets,
      samples: begins ? samples - OPUS_PRE_SKIP : samples,
      bytes: new Map(this.#encodings.map((encoding) => [encoding, framed(encoding, parts)])),
    };
  }

  /** Takes so many packets off what waits. */
  #split(packets: number): Stretch[] {
    const parts: Stretch[] = [];
    for (let left = packets; left > 0; ) {
      const [stretch] = this.#stretches;
      if (!stretch) throw new RangeError("there are fewer packets than are to be taken");
      if (stretch.packets <= left) {
        parts.push(stretch);
        this.#stretches.shift();
        left -= stretch.packets;
        continue;
      }
      const [part, rest] = this.#halves(stretch, left, this.#isFirst && parts.length === 0);
      parts.push(part);
      this.#stretches[0] = rest;
      left = 0;
    }
    return parts;
  }

  #halves({ packets, payloads }: Stretch, first: number, begins: boolean): [Stretch, Stretch] {
    const part = new Map<FrameEncoding, Uint8Array>();
    const rest = new Map<FrameEncoding, Uint8Array>();
    for (const encoding of this.#encodings) {
      const payload = payloads.get(encoding) ?? new Uint8Array(0);
      const at = encoding === "pcm16" ? pcmBytes(first, begins) : opusBytes(payload, first);
      part.set(encoding, payload.subarray(0, at));
      rest.set(encoding, payload.subarray(at));
    }
    return [
      { packets: first, payloads: part },
      { packets: packets - first, payloads: rest },
    ];
  }
}

/** A sentence's first frame of PCM is as much shorter as Opus has to skip. */
function pcmBytes(packets: number, begins: boolean): number {
  return 2 * (packets * PACKET_SAMPLES - (begins ? OPUS_PRE_SKIP : 0));
}

function opusBytes(payload: Uint8Array, packets: number): number {
  let at = 0;
  for (let packet = 0; packet < packets; packet++) at += 2 + lengthAt(payload, at);
  return at;
}

function framed(encoding: FrameEncoding, parts: readonly Stretch[]): Uint8Array<ArrayBuffer> {
  const payloads = parts.map(({ payloads }) => payloads.get(encoding) ?? new Uint8Array(0));
  const bytes = new Uint8Array(payloads.reduce((sum, { length }) => sum + length, FRAME_HEADER_BYTES));
  let at = FRAME_HEADER_BYTES;
  for (const payload of payloads) {
    bytes.set(payload, at);
    at += payload.length;
  }
  return bytes;
}
