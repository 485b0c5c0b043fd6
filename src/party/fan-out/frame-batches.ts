import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import { type AudioFrame, msOf, placeOf } from "./audio-frame.ts";
import type { BroadcastBuffer, BufferCursor } from "./broadcast-buffer.ts";

/** Frames that leave together, all in one encoding. */
export interface FrameBatch {
  /** The encoding they are sent in; undefined: none of them is sent. */
  readonly encoding: FrameEncoding | undefined;
  /** Sequence of the first, and of what follows the last. */
  readonly from: number;
  readonly end: number;
  /** Where in the utterance they begin, ms. */
  readonly fromMs: number;
  /** Whether who missed something may go on with the first. */
  readonly begins: boolean;
  /** How long they sound. */
  readonly ms: number;
  readonly bytes: number;
  readonly messages: readonly Uint8Array<ArrayBuffer>[];
}

/** Gathers all that is there of an utterance, once for all who are at the same place. */
export class FrameBatches {
  readonly #frames: BroadcastBuffer<AudioFrame>;
  readonly #latest = new Map<FrameEncoding, FrameBatch>();

  constructor(frames: BroadcastBuffer<AudioFrame>) {
    this.#frames = frames;
  }

  /** From the frame `index` on; undefined where one of them was not made in this encoding. */
  from(index: number, encoding: FrameEncoding): FrameBatch | undefined {
    const { head } = this.#frames;
    const latest = this.#latest.get(encoding);
    if (latest?.from === index && latest.end === head) return latest;
    const frames: AudioFrame[] = [];
    for (let at = index; at < head; at++) {
      const frame = this.#frames.peek(at);
      if (!frame?.messages.has(encoding)) return undefined;
      frames.push(frame);
    }
    const [first, ...rest] = frames;
    if (!first) return undefined;
    const batch = batchOf([first, ...rest], encoding);
    this.#latest.set(encoding, batch);
    return batch;
  }
}

/**
 * Takes what one reader has room for: `first`, and what follows it in the same encoding.
 * @param encodingOf what a frame is to be sent in
 */
export function takeBatch(
  cursor: BufferCursor<AudioFrame>,
  first: AudioFrame,
  roomMs: number,
  encodingOf: (frame: AudioFrame) => FrameEncoding | undefined,
): FrameBatch {
  const encoding = encodingOf(first);
  const frames: [AudioFrame, ...AudioFrame[]] = [first];
  let ms = msOf(first);
  const fits = (next: AudioFrame): boolean =>
    next.sequence === first.sequence + frames.length &&
    ms + msOf(next) <= roomMs &&
    (!next.begins || encodingOf(next) === encoding);
  for (let next = cursor.take(fits); next; next = cursor.take(fits)) {
    frames.push(next);
    ms += msOf(next);
  }
  return batchOf(frames, encoding);
}

function batchOf(
  frames: readonly [AudioFrame, ...AudioFrame[]],
  encoding: FrameEncoding | undefined,
): FrameBatch {
  const [first] = frames;
  const messages = frames.flatMap((frame) => (encoding && frame.messages.get(encoding)) ?? []);
  return {
    encoding,
    from: first.sequence,
    end: first.sequence + frames.length,
    fromMs: placeOf(first),
    begins: first.begins,
    ms: frames.reduce((sum, frame) => sum + msOf(frame), 0),
    bytes: messages.reduce((sum, { length }) => sum + length, 0),
    messages,
  };
}
