import { isIsolated } from "../engines/catalogue.ts";
import type { SpeakingEngine } from "../engines/contract/sentence-job.ts";
import type { SpeechPoolOptions } from "./pool.ts";
import { canSpawn } from "./spawn.ts";
import type { SpeechHost, SpeechHostStatus } from "./speech-host.ts";

/** As those of a pool; without workers, what is said of them is passed over. */
export interface SpeechHostOptions extends SpeechPoolOptions {
  /** Makes another host in the place of ours, where engines run elsewhere. */
  createHost?: (options: SpeechPoolOptions) => Promise<SpeechHost>;
}

/**
 * A pool of workers, or where none can be made (or no engine needs one) this thread; and a process beside this
 * one for engines that want one of their own, where there are processes. Warm when it resolves.
 * @throws BardcastError `worker-failed` where workers can be made, but none starts; `cancelled`
 */
export async function createSpeechHost({ createHost, ...options }: SpeechHostOptions): Promise<SpeechHost> {
  if (createHost) return createHost(options);
  const apart = options.engines.filter(isIsolated);
  if (apart.length === 0) return createSharedHost(options);
  // Few want it, and everybody would wait for it.
  const { canSpawnChild, createChildHost } = await import("./child-host.ts");
  if (!canSpawnChild()) return createSharedHost(options);
  const engines = options.engines.filter((ref) => !isIsolated(ref));
  const child = await createChildHost({ ...options, engines: apart, isAlone: engines.length === 0 });
  try {
    const shared = await createSharedHost({ ...options, engines });
    return new TwoHosts(options.engines.map(isIsolated), shared, child);
  } catch (error) {
    await child.close();
    throw error;
  }
}

async function createSharedHost(options: SpeechHostOptions): Promise<SpeechHost> {
  const wantsWorkers = options.engines.length > 0 && (options.createWorker !== undefined || canSpawn());
  // The one or the other, and neither for who only imports Bardcast.
  if (wantsWorkers) return (await import("./pool.ts")).SpeechPool.start(options);
  const { createInlineHost } = await import("./inline.ts");
  return createInlineHost(options);
}

/** How several hosts are together. */
export function statusOfAll(first: SpeechHost, ...others: readonly SpeechHost[]): SpeechHostStatus {
  const all = [first, ...others].map((host) => host.status());
  const sum = (of: (status: SpeechHostStatus) => number): number =>
    all.reduce((total, status) => total + of(status), 0);
  return {
    kind: first.status().kind,
    workers: sum(({ workers }) => workers),
    busy: sum(({ busy }) => busy),
    queued: sum(({ queued }) => queued),
    restarts: sum(({ restarts }) => restarts),
  };
}

/** A host for most engines, and one for those that want a process of their own; as one. */
class TwoHosts implements SpeechHost {
  readonly engines: readonly SpeakingEngine[];
  readonly #shared: SpeechHost;
  readonly #child: SpeechHost;

  /** @param isApart for each engine, in order, whether the child has it */
  constructor(isApart: readonly boolean[], shared: SpeechHost, child: SpeechHost) {
    const [ours, theirs] = [[...shared.engines], [...child.engines]];
    this.engines = isApart.flatMap((apart) => (apart ? theirs : ours).splice(0, 1));
    this.#shared = shared;
    this.#child = child;
  }

  status(): SpeechHostStatus {
    return statusOfAll(this.#shared, this.#child);
  }

  retire(engine: string): void {
    if (this.#child.engines.every(({ name }) => name === engine)) this.#child.retire?.(engine);
  }

  async close(): Promise<void> {
    await Promise.all([this.#shared.close(), this.#child.close()]);
  }
}
