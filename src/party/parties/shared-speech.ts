import { BardcastError } from "../../core/errors.ts";
import type { Observe } from "../../core/observation.ts";
import { createSpeechCache } from "../../engines/cache/create-speech-cache.ts";
import type { SpeechCache } from "../../engines/cache/speech-cache.ts";
import { isEngineRef, type WrittenEngineRef } from "../../engines/catalogue.ts";
import { createSpeechHost } from "../../pool/create-speech-host.ts";
import { SharedHost } from "../../pool/shared-host.ts";
import type { SpeechHost } from "../../pool/speech-host.ts";
import { partyEngines } from "../party-engines.ts";
import type { PartyOptions, PartySpeech } from "../party-options.ts";

export interface SharedSpeechOptions extends Pick<PartyOptions, "engines" | "pool" | "cache"> {
  /** Folder of what the cache keeps; without it nothing of that outlasts the process. */
  campaignDir?: string | undefined;
  log: (message: string) => void;
  observe: Observe;
}

/** Workers, engines and a cache that many parties have in common. */
export class SharedSpeech implements PartySpeech {
  readonly engines: readonly WrittenEngineRef[];
  readonly cache: SpeechCache | undefined;
  readonly #host: SharedHost;

  private constructor(
    engines: readonly WrittenEngineRef[],
    host: SharedHost,
    cache: SpeechCache | undefined,
  ) {
    this.engines = engines;
    this.#host = host;
    this.cache = cache;
  }

  /**
   * Starts the engines.
   * @throws BardcastError `engine-unavailable`, `worker-failed`; `bad-request` for an engine that is an object: it would
   *   end with the first party
   */
  static async start({ pool, cache = {}, ...options }: SharedSpeechOptions): Promise<SharedSpeech> {
    const { campaignDir, log, observe } = options;
    const all = await partyEngines({ ...options, ...(pool ? { pool } : {}) });
    const engines = all.filter(isEngineRef);
    if (engines.length < all.length)
      throw new BardcastError(
        "bad-request",
        "many parties share engines by name, or modules that workers load",
      );
    const host = await createSpeechHost({ log, ...pool, observe, engines });
    const setting = {
      cache: cache || {},
      engines,
      log,
      ...(campaignDir === undefined ? {} : { campaignDir }),
    };
    const kept = cache === false ? undefined : await createSpeechCache(setting);
    return new SharedSpeech(engines, new SharedHost(host, pool), kept);
  }

  get workers(): number {
    return this.#host.status().workers;
  }

  /** The host as one party sees it. */
  hostFor(party: string): SpeechHost {
    return this.#host.viewOf(party);
  }

  async close(): Promise<void> {
    await this.#host.close();
    await this.cache?.close();
  }
}
