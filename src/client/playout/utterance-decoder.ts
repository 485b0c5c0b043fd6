import { type Frame, unpackOpus } from "../../core/protocol/frame.ts";
import { PACKET_SAMPLES, type SpeechBeginMessage } from "../../core/protocol/v2.ts";
import { echoOf, fadedOut, MAX_CONCEALED } from "./conceal.ts";
import type { CreateOpusDecoder, OpusDecoder } from "./opus.ts";

/** How an utterance's frames are coded. */
export type Coding = Pick<SpeechBeginMessage, "codec" | "preSkip">;

/** A frame's sound. */
export interface DecodedFrame {
  samples: Float32Array<ArrayBuffer>;
  /** What to play in the hole before it; shorter than the hole, where that is long. */
  concealment: Float32Array<ArrayBuffer> | undefined;
}

/** Samples that are heard of a frame. */
export function samplesIn(frame: Frame, { codec, preSkip }: Coding): number {
  if (codec === "pcm16") return frame.payload.length >> 1;
  return Math.max(0, frame.packets * PACKET_SAMPLES - (frame.discontinuity ? preSkip : 0));
}

/** Decodes the frames of one utterance, in order. Every sentence gets a decoder of its own. */
export class UtteranceDecoder {
  readonly #createOpus: CreateOpusDecoder;
  #opus: OpusDecoder | undefined;
  #isFree = false;
  #last: Float32Array<ArrayBuffer> = new Float32Array(0);

  constructor(createOpus: CreateOpusDecoder) {
    this.#createOpus = createOpus;
  }

  /**
   * @param gap samples missing before the frame
   * @throws Error where there is no decoder; a damaged packet is concealed
   */
  async decode(frame: Frame, coding: Coding, gap: number): Promise<DecodedFrame> {
    const concealment = gap > 0 ? this.#conceal(Math.min(gap, MAX_CONCEALED)) : undefined;
    this.#last = coding.codec === "pcm16" ? fromPcm16(frame.payload) : await this.#fromOpus(frame, coding);
    return { samples: this.#last, concealment };
  }

  free(): void {
    this.#isFree = true;
    this.#opus?.free();
    this.#opus = undefined;
  }

  async #fromOpus(frame: Frame, coding: Coding): Promise<Float32Array<ArrayBuffer>> {
    const all = new Float32Array(frame.packets * PACKET_SAMPLES);
    const opus = await this.#decoderFor(frame);
    packetsOf(frame).forEach((packet, index) => {
      if (opus) all.set(decodedOrConcealed(opus, packet).subarray(0, PACKET_SAMPLES), index * PACKET_SAMPLES);
    });
    return all.subarray(all.length - samplesIn(frame, coding));
  }

  async #decoderFor({ discontinuity }: Frame): Promise<OpusDecoder | undefined> {
    if (this.#opus && !discontinuity) return this.#opus;
    const made = await this.#createOpus();
    this.#opus?.free();
    this.#opus = this.#isFree ? undefined : made;
    if (this.#isFree) made.free();
    return this.#opus;
  }

  #conceal(length: number): Float32Array<ArrayBuffer> {
    if (!this.#opus) return echoOf(this.#last, length);
    const packets = Math.max(1, Math.floor(length / PACKET_SAMPLES));
    const all = new Float32Array(packets * PACKET_SAMPLES);
    for (let at = 0; at < all.length; at += PACKET_SAMPLES) all.set(this.#opus.conceal(PACKET_SAMPLES), at);
    return fadedOut(all.subarray(0, length));
  }
}

function packetsOf(frame: Frame): (Uint8Array | undefined)[] {
  try {
    return unpackOpus(frame);
  } catch {
    return Array.from({ length: frame.packets }, () => undefined);
  }
}

function decodedOrConcealed(opus: OpusDecoder, packet: Uint8Array | undefined): Float32Array {
  try {
    if (packet && packet.length > 0) return opus.decode(packet);
  } catch {
    // Concealed like a packet that never came.
  }
  return opus.conceal(PACKET_SAMPLES);
}

function fromPcm16(payload: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  return Float32Array.from({ length: payload.length >> 1 }, (_, i) => view.getInt16(2 * i, true) / 0x8000);
}
