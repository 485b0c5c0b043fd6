import type { FrameEncoding } from "../contract/sentence-job.ts";

/** A stretch of sound in packets: payloads of frames without their headers. Never written to. */
export interface Stretch {
  packets: number;
  payloads: ReadonlyMap<FrameEncoding, Uint8Array>;
}

/** Bytes of the packet of Opus whose length stands at `at`. */
export function lengthAt(payload: Uint8Array, at: number): number {
  return (payload[at] ?? 0) | ((payload[at + 1] ?? 0) << 8);
}
