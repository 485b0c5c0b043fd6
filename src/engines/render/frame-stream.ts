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

  /** Takes sound at 24 kHz; gives the frames it completes. */
  *push(samples: Float32Array): Generator<SentenceFrame, void, undefined> {
    this.#pending.push(samples);
    this.#pendingSamples += samples.length;
    for (let size = this.#pace.size(); this.#pendingSamples >= size; size = this.#pace.size())
      yield this.#take(size);
  }

  /** The rest of the sentence, padded with silence to a whole packet. */
  *flush(): Generator<SentenceFrame, void, undefined> {
    const samples = this.#cut + this.#pendingSamples + OPUS_PRE_SKIP;
    const padding = Math.ceil(samples / PACKET_SAMPLES) * PACKET_SAMPLES - samples + OPUS_PRE_SKIP;
    this.#pending.push(new Float32Array(padding));
    this.#pendingSamples += padding;
    while (this.#pendingSamples > 0) {
      const frame = this.#take(Math.min(this.#pace.size(), this.#pendingSamples));
      yield { ...frame, ends: this.#pendingSamples === 0 };
    }
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
      ends: false,
      packets: size / PACKET_SAMPLES,
      samples: begins ? size - OPUS_PRE_SKIP : size,
      bytes: new Map([...this.#encoders].map(([encoding, encoder]) => [encoding, encoder.encode(stretch)])),
    };
  }
}
