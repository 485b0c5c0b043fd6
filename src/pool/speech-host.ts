/**
 * Where engines run. `speech-host.ts` is the contract; `pool.ts` keeps it with workers (`worker-set.ts` has them at
 * hand, `worker-handle.ts` is one of them, `delivery.ts` carries its orders over a port), `inline.ts` on this thread, and
 * `create-speech-host.ts` chooses. `worker-engines.ts` fulfils orders inside a worker.
 * @module
 */
import type { Observe } from "../core/observation.ts";
import type { WrittenEngineRef } from "../engines/catalogue.ts";
import type { SpeakingEngine } from "../engines/contract/sentence-job.ts";

/** What every host may be told. */
export interface HostOptions {
  /** In order of preference. */
  engines: readonly WrittenEngineRef[];
  /** ms until a new worker answers, and then again until each engine is warm; default 30 000. */
  startMs?: number;
  /** ms of silence after which an engine is given up; default 10 000. */
  hangMs?: number;
  /** Sentences that may wait; one more is refused with `busy`. Default 256. */
  maxQueued?: number;
  /** Where warnings go, one sentence each; default nowhere. */
  log?: (message: string) => void;
  /** Told how long sentences wait and take, for whoever measures it. */
  observe?: Observe;
  /** Ends the start, not what was started. */
  signal?: AbortSignal;
}

export const DEFAULT_START_MS = 30_000;
export const DEFAULT_HANG_MS = 10_000;
export const DEFAULT_MAX_QUEUED = 256;

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
  /**
   * Another host has this engine now: what runs nothing else ends once it says nothing any more. Never rejects; resolves
   * at once.
   */
  retire?(engine: string): void;
  /** The host as one of many parties sees it, where it sees to it by itself that they take turns. To close that ends nothing. */
  viewOf?(party: string): SpeechHost;
  /** Stops everything; what is being spoken ends with `closed`. Safe to call twice. */
  close(): Promise<void>;
}
