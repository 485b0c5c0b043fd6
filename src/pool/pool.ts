import { BardcastError } from "../core/errors.ts";
import type { EngineRef } from "../engines/catalogue.ts";
import type { SpeakingEngine } from "../engines/sentence-job.ts";
import { Crew } from "./crew.ts";
import { HostedEngine } from "./hosted-engine.ts";
import { type HostOptions, hostDefaults, logProblems } from "./host-options.ts";
import type { Order, OrderItem } from "./protocol.ts";
import { type CreateWorker, processors } from "./spawn.ts";
import type { SpeechHost, SpeechHostStatus } from "./speech-host.ts";

export interface SpeechPoolOptions extends HostOptions {
  /** Workers; default one less than the machine has processors, at least 1. */
  size?: number;
  /** Makes a worker that runs `workers/speech.ts`; needed only where a bundler has moved that file. */
  createWorker?: CreateWorker;
}

/**
 * Speaks in workers, one sentence in each at a time. A sentence whose worker dies or hangs is spoken again by
 * another, once, unless some of it was taken already. Keeps its process alive until it is closed.
 */
export class SpeechPool implements SpeechHost {
  readonly engines: readonly SpeakingEngine[];
  readonly #crew: Crew;

  private constructor(crew: Crew, engines: (fulfil: SpeechPool["#fulfil"]) => readonly SpeakingEngine[]) {
    this.#crew = crew;
  }
}
