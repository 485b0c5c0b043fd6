/** What a page, its microphone's worklet and the worker that listens say to each other. @module */
import type { HeardPiece, HeardProbe } from "./hearing.ts";

/** The name under which the worklet is known. */
export const MICROPHONE_NAME = "bardcast-microphone";

/** To the worklet: pieces go there. */
export interface ToMicrophone {
  port: MessagePort;
}

/** From the worklet to the worker. */
export type FromMicrophone = HeardPiece;

/** To the worker. */
export type ToHearing =
  | { type: "hear"; sampleRate: number; port: MessagePort }
  /** A probe is to be looked for. `atMs`: since the epoch. */
  | { type: "find"; id: number; root: number; atMs: number };

/** From the worker. */
export type FromHearing =
  /** It has heard for long enough, without a gap. */
  { type: "steady" } | ({ type: "found"; id: number } & HeardProbe);
