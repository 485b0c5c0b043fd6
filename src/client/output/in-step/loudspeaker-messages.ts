/**
 * Playing in step. `loudspeaker.ts` is a device's loudspeaker as seen by whoever decides what sounds, on
 * whichever thread: two sinks over one ring (`ring-sink.ts`), and the clock of what leaves the device
 * (`output-clock.ts`). Sound lies in a ring by absolute position (`sample-ring.ts`), and one renderer
 * (`renderer.ts`) fetches it from there: in a worklet (`worklet-output.ts`), or in blocks that are made ahead
 * and played as sources on exact frames (`block-output.ts`, `block-speaker.ts`). `audio-output.ts` is the
 * page's end. This is what is said to and by the worklet.
 * @module
 */
import type { Anchor } from "./renderer.ts";

/** To the worklet. Positions are samples at the context's rate. */
export type LoudspeakerMessage =
  /** Everything else comes by this port. */
  | { type: "port"; port: MessagePort }
  | { type: "write"; at: number; samples: Float32Array<ArrayBuffer> }
  | { type: "clear"; from: number; to: number }
  | { type: "anchor"; anchor: Anchor }
  /** The page needs it no more. */
  | { type: "close" };

/** From the worklet, a few times a second while it sounds. */
export interface LoudspeakerReport {
  /** Positions by which it plays late. */
  error: number;
}

/** The name under which the worklet is known. */
export const WORKLET_NAME = "bardcast-player";
/** Seconds of sound that a ring holds: what is sent ahead, and some. */
export const RING_SECONDS = 40;
