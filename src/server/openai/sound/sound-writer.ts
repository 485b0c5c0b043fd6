import type { FrameEncoding, SentenceFrame } from "../../../engines/contract/sentence-job.ts";

/** Writes one line's sound in one format. What its methods return is sent at once, in this order. */
export interface SoundWriter {
  readonly contentType: string;
  /** What its frames are made in. */
  readonly encoding: FrameEncoding;
  /** Before the first frame. */
  head(): Uint8Array<ArrayBuffer>;
  /** @param bytes the frame's payload */
  add(
    bytes: Uint8Array<ArrayBuffer>,
    frame: SentenceFrame,
  ): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
  /** After the last one. */
  end(): Uint8Array<ArrayBuffer>;
  /** Nothing more is written; also where the line was not written to its end. */
  close(): void;
}

const NO_BYTES = new Uint8Array(0);

/** A part of a writer that has nothing to write. */
export const writeNothing = (): Uint8Array<ArrayBuffer> => NO_BYTES;
