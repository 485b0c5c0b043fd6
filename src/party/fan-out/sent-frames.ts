import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { AudioFrame } from "./audio-frame.ts";
import type { FrameBatch } from "./frame-batches.ts";

/** Which frames of an utterance one listener was handed, and in which encoding. */
export class SentFrames {
  #next = 0;
  /** The encoding of the sentence that is being sent; undefined: only its text is. */
  #encoding: FrameEncoding | undefined;
  #isBegun = false;

  /** The sequence that follows what was handed over without a hole. */
  get next(): number {
    return this.#next;
  }

  /** Goes on with the frame `sequence`. */
  goOnAt(sequence: number): void {
    this.#next = sequence;
  }

  /**
   * The encoding for a frame; undefined: only the sentence's text is sent. A sentence keeps its encoding, so a change of
   * quality takes effect at the sentence after the next.
   */
  encodingOf({ begins, messages }: AudioFrame, wanted: FrameEncoding | undefined): FrameEncoding | undefined {
    if (this.#isBegun && !begins) return this.#encoding;
    if (wanted === undefined || messages.has(wanted)) return wanted;
    return [...messages.keys()].find((made) => (made === "pcm16") === (wanted === "pcm16"));
  }

  /** Whether the sentence that is being handed over is sent in this encoding. */
  isIn(encoding: FrameEncoding): boolean {
    return this.#encoding === encoding;
  }

  add({ from, end, encoding }: FrameBatch): void {
    this.#encoding = encoding;
    this.#isBegun = true;
    if (encoding && from === this.#next) this.#next = end;
  }
}
