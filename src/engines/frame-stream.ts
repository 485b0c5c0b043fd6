import type { PcmPiece } from "../core/audio.ts";
import { Resampler } from "../core/resample.ts";
import { V2_SAMPLE_RATE } from "../core/v2.ts";
import { FrameCutter } from "./frame-cutter.ts";
import { createFrameEncoder, type FrameEncoder } from "./frame-encoder.ts";
import { FramePace } from "./frame-pace.ts";
import type { FrameEncoding, SentenceFrame, SentenceJob } from "./sentence-job.ts";

/** One sentence's way from an engine's PCM to the v2 wire's frames: resample, cut, encode. */
export class FrameStream {
  readonly #encoders: ReadonlyMap<FrameEncoding, FrameEncoder>;
  readonly #cutter: FrameCutter;
  #resampler: Resampler | undefined;

  static async open(
    encodings: readonly FrameEncoding[],
    { bitrates, aheadMs }: Pick<SentenceJob, "bitrates" | "aheadMs">,
  ): Promise<FrameStream> {
    const made = encodings.map(
      async (encoding) => [encoding, await createFrameEncoder(encoding, bitrates)] as const,
    );
    const encoders = new Map(await Promise.all(made));
    return new FrameStream(encoders, new FrameCutter(encoders, new FramePace(aheadMs)));
  }

  private constructor(encoders: ReadonlyMap<FrameEncoding, FrameEncoder>, cutter: FrameCutter) {
    this.#encoders = encoders;
    this.#cutter = cutter;
  }

  *push({ samples, sampleRate }: PcmPiece): Generator<SentenceFrame, void, undefined> {
    if (sampleRate !== V2_SAMPLE_RATE) this.#resampler ??= new Resampler(sampleRate, V2_SAMPLE_RATE);
    yield* this.#cutter.push(this.#resampler ? this.#resampler.push(samples) : samples);
  }

  /** The rest of the sentence. */
  *flush(): Generator<SentenceFrame, void, undefined> {
    if (this.#resampler) yield* this.#cutter.push(this.#resampler.flush());
    yield* this.#cutter.flush();
  }

  close(): void {
    for (const encoder of this.#encoders.values()) encoder.free();
  }
}
