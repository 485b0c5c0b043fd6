import type { SpeakingEngine } from "../engines/sentence-job.ts";

export interface SpeechHostStatus {
  /** `pool`: in workers; `inline`: on this thread. */
  kind: "pool" | "inline";
  /** Workers alive; 0 inline. */
  workers: number;
  /** Sentences being spoken. */
  busy: number;
  /** Sentences that wait for a worker. */
  queued: number;
  /** Workers replaced since the start. */
  restarts: number;
}

/** Where engines run. A pool of workers, or this thread where there are none. */
export interface SpeechHost {
  /** The engines it was given by name or module, in that order; available or not. */
  readonly engines: readonly SpeakingEngine[];
  status(): SpeechHostStatus;
  /** Stops everything; what is being spoken ends with `closed`. Safe to call twice. */
  close(): Promise<void>;
}
