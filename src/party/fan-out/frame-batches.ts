import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import { type AudioFrame, msOf, placeOf } from "./audio-frame.ts";
import type { BroadcastBuffer } from "./broadcast-buffer.ts";

/** Frames that leave together: all there are from one on. */
export interface FrameBatch {
  /** Index of the first, and of what follows the last. */
  from: number;
  end: number;
  /** Where in the line it begins, ms. */
  fromMs: number;
  /** Whether who missed something may go on with the first. */
  begins: boolean;
  /** How long they sound. */
  ms: number;
  bytes: number;
  messages: readonly Uint8Array<ArrayBuffer>[];
}

/** Gathers a line's bursts once for all who are at the same place. */
export class FrameBatches {
  readonly #frames: BroadcastBuffer<AudioFrame>;
  readonly #latest = new Map<FrameEncoding, FrameBatch>();

  constructor(frames: BroadcastBuffer<AudioFrame>) {
    this.#frames = frames;
  }

  /** From the frame `index` on; undefined where one of them was not made in this encoding. */
  from(index: number, encoding: FrameEncoding): FrameBatch | undefined {
    const latest = this.#latest.get(encoding);
    if (latest?.from === index && latest.end === this.#frames.head) return latest;
    const batch = this.#gather(index, encoding);
    if (batch) this.#latest.set(encoding, batch);
    return batch;
  }

  #gather(from: number, encoding: FrameEncoding): FrameBatch | undefined {
    const burst = { from, end: this.#frames.head, fromMs: 0, begins: false, ms: 0, bytes: 0 };
    const messages: Uint8Array<ArrayBuffer>[] = [];
    for (let index = from; index < burst.end; index++) {
      const frame = this.#frames.peek(index);
      const message = frame?.messages.get(encoding);
      if (!frame || !message) return undefined;
      if (index === from) {
        burst.begins = frame.begins;
        burst.fromMs = placeOf(frame);
      }
      burst.ms += msOf(frame);
      burst.bytes += message.length;
      messages.push(message);
    }
    return { ...burst, messages };
  }
}
