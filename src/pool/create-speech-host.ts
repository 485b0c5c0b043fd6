import { SpeechPool, type SpeechPoolOptions } from "./pool.ts";
import { canSpawn } from "./spawn.ts";
import type { SpeechHost } from "./speech-host.ts";

export type SpeechHostOptions = SpeechPoolOptions;

/**
 * A pool of workers, or where none can be made (or no engine needs one) this thread; warm when it resolves.
 * @throws BardcastError `worker-failed` where workers can be made, but none starts; `cancelled`
 */
export async function createSpeechHost(options: SpeechHostOptions): Promise<SpeechHost> {
  const wantsWorkers = options.engines.length > 0 && (options.createWorker !== undefined || canSpawn());
  if (wantsWorkers) return SpeechPool.start(options);
  const { createInlineHost } = await import("./inline.ts");
  return createInlineHost(options);
}
