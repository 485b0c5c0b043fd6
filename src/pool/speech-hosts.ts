import { BardcastError } from "../core/errors.ts";
import { type EngineRef, engineName } from "../engines/catalogue.ts";
import type { SpeakingEngine } from "../engines/contract/sentence-job.ts";
import { statusOfAll } from "./create-speech-host.ts";
import type { SpeechHost, SpeechHostStatus } from "./speech-host.ts";

/** Starts a host for engines that come later, as the first one was started. */
export type StartHost = (engines: readonly EngineRef[]) => Promise<SpeechHost>;

/** The hosts of one table: the one it began with, and one for each engine that came later. */
export class SpeechHosts {
  readonly #first: SpeechHost;
  readonly #start: StartHost;
  /** By the engine's name. */
  readonly #later = new Map<string, SpeechHost>();
  #isClosed = false;

  constructor(first: SpeechHost, start: StartHost) {
    this.#first = first;
    this.#start = start;
  }

  status(): SpeechHostStatus {
    return statusOfAll(this.#first, ...this.#later.values());
  }

  /**
   * Starts an engine, also one that is there already, for which there is more by now. Whatever ran it before ends once
   * it says nothing any more.
   * @param use puts it to use; where it rejects, nothing has changed
   * @throws BardcastError `closed`, what `use` throws, and as `createSpeechHost`
   */
  async add(ref: EngineRef, use: (engine: SpeakingEngine) => Promise<void>): Promise<void> {
    const host = await this.#start([ref]);
    const name = engineName(ref);
    try {
      const [engine] = host.engines;
      if (!engine || this.#isClosed) throw new BardcastError("closed", "the party is over");
      await use(engine);
    } catch (error) {
      await host.close();
      throw error;
    }
    const before = this.#later.get(name);
    this.#later.set(name, host);
    (before ?? this.#first).retire?.(name);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#first, ...this.#later.values()].map((host) => host.close()));
  }
}
