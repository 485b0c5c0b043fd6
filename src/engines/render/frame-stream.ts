import type { FrameEncoding, SentenceFrame, SentenceJob } from "../contract/sentence-job.ts";
import { FrameCutter } from "./frame-cutter.ts";
import { createFrameEncoder, type FrameEncoder } from "./frame-encoder.ts";
import { FramePace } from "./frame-pace.ts";

/** One sentence's way from sound at 24 kHz to the v2 wire's frames: cut, encode. */
export class FrameStream {
  readonly #encoders: ReadonlyMap<FrameEncoding, FrameEncoder>;
  readonly #cutter: FrameCutter;

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

  push(samples: Float32Array): Generator<SentenceFrame, void, undefined> {
    return this.#cutter.push(samples);
  }

  /** The rest of the sentence. */
  flush(): Generator<SentenceFrame, void, undefined> {
    return this.#cutter.flush();
  }

  close(): void {
    for (const encoder of this.#encoders.values()) encoder.free();
  }
}
