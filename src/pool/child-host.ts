import { quietly } from "../core/async/abortable.ts";
import { BardcastError, toWire } from "../core/errors.ts";
import { engineName } from "../engines/catalogue.ts";
import { spawnChild } from "./child.ts";
import { HostedEngine, logProblems } from "./hosted-engine.ts";
import { SpeechPool } from "./pool.ts";
import type { HostOptions, SpeechHost } from "./speech-host.ts";

/** Options of a host in a process of its own. */
export interface ChildHostOptions extends HostOptions {
  /** There is no other engine: a sentence that is lost with the process is spoken again by the next one. */
  isAlone: boolean;
}

export { canSpawnChild } from "./child.ts";

/**
 * Speaks in one process beside this one, a sentence at a time: for native code, which may take its process
 * with it, and whose models are too large to be loaded twice. Lost, it is started again, after a while that
 * doubles; sentences are for other engines meanwhile. Where it does not start at all, its engines are there as
 * unavailable.
 * @throws BardcastError `cancelled`
 */
export async function createChildHost({ isAlone, ...options }: ChildHostOptions): Promise<SpeechHost> {
  try {
    return await SpeechPool.start({ ...options, size: 1, createWorker: spawnChild, waits: isAlone });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return unavailable(options, error);
  }
}

function unavailable({ engines, log }: HostOptions, cause: unknown): SpeechHost {
  const message = "the process that it needs does not start";
  const problem = toWire(new BardcastError("engine-unavailable", message, { cause }));
  const capabilities = { streaming: false, wordTimes: false };
  const reports = engines.map((ref) => ({
    name: engineName(ref),
    capabilities,
    languages: [],
    probes: false,
    problem,
  }));
  logProblems(reports, quietly(log));
  return {
    engines: reports.map((report) => new HostedEngine(report, refuse)),
    status: () => ({ kind: "pool", workers: 0, busy: 0, queued: 0, restarts: 0 }),
    close: async () => undefined,
  };

  // biome-ignore lint/correctness/useYield: it fails before it has anything.
  async function* refuse(): AsyncGenerator<never, void, undefined> {
    throw new BardcastError("engine-unavailable", message, { cause });
  }
}
