import type { FrameEncoding } from "../../engines/contract/sentence-job.ts";
import type { AudioFrame } from "./audio-frame.ts";
import type { FrameBatch } from "./frame-batches.ts";

/** What of a line's frames one listener was handed, and what each sentence was sent in. */
export class SentFrames {
  /** The sequence that follows what was handed over without a hole from the line's beginning. */
  next = 0;
  /** What the sentence that is being handed over is sent in; undefined: nothing of it is. */
  #encoding: FrameEncoding | undefined;
  #isBegun = false;

  /** Hands a frame over. @returns its message; undefined where the listener gets the sentence's text only */
  add(frame: AudioFrame, wanted: FrameEncoding | undefined): Uint8Array<ArrayBuffer> | undefined {
    if (frame.begins || !this.#isBegun) this.#encoding = chosen(frame, wanted);
    this.#isBegun = true;
    const message = this.#encoding && frame.messages.get(this.#encoding);
    if (message && frame.sequence === this.next) this.next += 1;
    return message;
  }

  /** Whether the sentence that is being handed over is sent in this encoding. */
  isIn(encoding: FrameEncoding): boolean {
    return this.#encoding === encoding;
  }

  /** Hands a burst over that begins a sentence, or is in what the sentence is sent in. */
  addBurst({ from, end }: FrameBatch, encoding: FrameEncoding): void {
    this.#encoding = encoding;
    this.#isBegun = true;
    if (from === this.next) this.next = end;
  }
}

/** What a listener is sent of a sentence. A change of quality reaches the one after the next. */
function chosen({ messages }: AudioFrame, wanted: FrameEncoding | undefined): FrameEncoding | undefined {
  if (wanted === undefined || messages.has(wanted)) return wanted;
  return [...messages.keys()].find((made) => (made === "pcm16") === (wanted === "pcm16"));
}
