import { joinPcm } from "../core/pcm.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES, V2_SAMPLE_RATE } from "../core/v2.ts";
import type { FrameEncoder } from "./frame-encoder.ts";
import type { FrameEncoding, SentenceFrame } from "./sentence-job.ts";

/** ms of sound in a frame: small ones leave early, large ones cost fewer system calls. */
const SIZES_MS = [40, 100, 200, 500, 1000];
/** ms of sound that listeners gather before they begin, so that a frame may be that much late. */
const CUSHION_MS = 80;

/**
 * Cuts one sentence's sound into frames of whole packets, the same for every encoding. A frame is as large
 * as the sound that listeners have ahead allows them to wait for it.
 */
export class FrameCutter {
  readonly #encoders: ReadonlyMap<FrameEncoding, FrameEncoder>;
  readonly #now: () => number;
  #pending: Float32Array[] = [];
  #pendingSamples = 0;
  /** Samples in frames so far, padding included. */
  #cut = 0;
  /** When the listeners will have heard what they were given, on `now`'s clock. */
  #heardAt: number;

  /**
   * @param aheadMs of sound the listeners still have when the sentence begins
   * @param now a clock in ms
   */
  constructor(
    encoders: ReadonlyMap<FrameEncoding, FrameEncoder>,
    aheadMs: number,
    now: () => number = () => performance.now(),
  ) {
    this.#encoders = encoders;
    this.#now = now;
    this.#heardAt = now() + aheadMs;
  }

  /** Takes sound at 24 kHz; gives the frames it completes. */
  *push(samples: Float32Array): Generator<SentenceFrame, void, undefined> {
    this.#pending.push(samples);
    this.#pendingSamples += samples.length;
    for (let size = this.#size(); this.#pendingSamples >= size; size = this.#size()) yield this.#take(size);
  }

  /** The rest of the sentence, padded with silence to a whole packet. */
  *flush(): Generator<SentenceFrame, void, undefined> {
    const samples = this.#cut + this.#pendingSamples + OPUS_PRE_SKIP;
    const padding = Math.ceil(samples / PACKET_SAMPLES) * PACKET_SAMPLES - samples + OPUS_PRE_SKIP;
    this.#pending.push(new Float32Array(padding));
    this.#pendingSamples += padding;
    while (this.#pendingSamples > 0) {
      const frame = this.#take(Math.min(this.#size(), this.#pendingSamples));
      yield { ...frame, ends: this.#pendingSamples === 0 };
    }
  }

  /** Samples of the next frame. */
  #size(): number {
    const lead = this.#heardAt - this.#now() + CUSHION_MS;
    const ms = SIZES_MS.findLast((size) => size <= lead) ?? (SIZES_MS[0] as number);
    return (ms * V2_SAMPLE_RATE) / 1000;
  }

  #take(size: number): SentenceFrame {
    const [only = new Float32Array(0), ...others] = this.#pending;
    const all = others.length === 0 ? only : joinPcm(this.#pending);
    const stretch = all.subarray(0, size);
    this.#pending = [all.subarray(size)];
    this.#pendingSamples -= size;
    const begins = this.#cut === 0;
    this.#cut += size;
    this.#heardAt = Math.max(this.#heardAt, this.#now()) + (size * 1000) / V2_SAMPLE_RATE;
    return {
      begins,
      ends: false,
      packets: size / PACKET_SAMPLES,
      samples: begins ? size - OPUS_PRE_SKIP : size,
      bytes: new Map([...this.#encoders].map(([encoding, encoder]) => [encoding, encoder.encode(stretch)])),
    };
  }
}
