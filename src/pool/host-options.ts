import type { EngineRef } from "../engines/catalogue.ts";

/** What every speech host needs to know. */
export interface SpeechHostOptions {
  /** In order of preference. */
  engines: readonly EngineRef[];
  /** ms for starting a worker, and then again for warming each engine up; default 30 000. */
  startMs?: number;
  /** ms of an engine's silence after which its sentence is given up; default 10 000. */
  hangMs?: number;
  /** Sentences that may wait; one more is refused with `busy`. Default 256. */
  maxQueued?: number;
  /** Where warnings go, one sentence each; default nowhere. */
  log?: (message: string) => void;
  /** Ends the start, not what was started. */
  signal?: AbortSignal;
}
