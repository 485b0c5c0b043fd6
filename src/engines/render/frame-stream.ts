import { joinPcm } from "../../core/dsp/pcm.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES } from "../../core/protocol/v2.ts";
import type { FrameEncoding, SentenceFrame, SentenceJob } from "../contract/sentence-job.ts";
import { createFrameEncoder, type FrameEncoder } from "./frame-encoder.ts";
import { FramePace } from "./frame-pace.ts";

/**
 * Cuts one sentence's sound into the v2 wire's frames, of the same whole packets in every encoding. A frame is as large
 * as the sound that listeners have ahead allows them to wait for it.
 */
export class FrameStream {
  readonly #encoders: ReadonlyMap<FrameEncoding, FrameEncoder>;
  readonly #pace: FramePace;
  #pending: Float32Array[] = [];
  #pendingSamples = 0;
  /** Samples in frames so far, padding included. */
  #cut = 0;
  #isEnding = false;

  /** A stream with an encoder for each encoding. */
  static async open(
    encodings: readonly FrameEncoding[],
    { bitrates, aheadMs }: Pick<SentenceJob, "bitrates" | "aheadMs">,
  ): Promise<FrameStream> {
    const made = encodings.map(
      async (encoding) => [encoding, await createFrameEncoder(encoding, bitrates)] as const,
    );
    return new FrameStream(new Map(await Promise.all(made)), new FramePace(aheadMs));
  }

  constructor(encoders: ReadonlyMap<FrameEncoding, FrameEncoder>, pace: FramePace) {
    this.#encoders = encoders;
    this.#pace = pace;
  }

  /** Takes sound at 24 kHz; `next` gives the frames it completes. */
  push(samples: Float32Array): void {
    this.#pending.push(samples);
    this.#pendingSamples += samples.length;
  }

  /** The sentence is over; silence fills its last packet. */
  end(): void {
    const samples = this.#cut + this.#pendingSamples + OPUS_PRE_SKIP;
    const padding = Math.ceil(samples / PACKET_SAMPLES) * PACKET_SAMPLES - samples + OPUS_PRE_SKIP;
    this.push(new Float32Array(padding));
    this.#isEnding = true;
  }

  /** The next frame, encoded when it is asked for; undefined while there is too little sound for one. */
  next(): SentenceFrame | undefined {
    const size = this.#pace.size();
    if (this.#pendingSamples >= size) return this.#take(size);
    return this.#isEnding && this.#pendingSamples > 0 ? this.#take(this.#pendingSamples) : undefined;
  }

  close(): void {
    for (const encoder of this.#encoders.values()) encoder.free();
  }

  #take(size: number): SentenceFrame {
    const [only = new Float32Array(0), ...others] = this.#pending;
    const all = others.length === 0 ? only : joinPcm(this.#pending);
    const stretch = all.subarray(0, size);
    this.#pending = [all.subarray(size)];
    this.#pendingSamples -= size;
    const begins = this.#cut === 0;
    this.#cut += size;
    this.#pace.made(size);
    return {
      begins,
      ends: this.#isEnding && this.#pendingSamples === 0,
      packets: size / PACKET_SAMPLES,
      samples: begins ? size - OPUS_PRE_SKIP : size,
      bytes: new Map([...this.#encoders].map(([encoding, encoder]) => [encoding, encoder.encode(stretch)])),
    };
  }
}
