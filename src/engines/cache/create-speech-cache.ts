import type { WrittenEngineRef } from "../catalogue.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { DiskCache } from "./disk-cache.ts";
import { EngineIdentities } from "./engine-identities.ts";
import { SpeechCache } from "./speech-cache.ts";

const MEBIBYTE = 1024 * 1024;
export const DEFAULT_MEMORY_BYTES: number = 32 * MEBIBYTE;
export const DEFAULT_DISK_BYTES: number = 256 * MEBIBYTE;

/**
 * How much is kept. What is kept is what was said, as sound without its text. In the folder, which may be deleted
 * at any time, are only sentences that were for everybody, under names that are hashes, for the user's eyes only.
 */
export interface CacheOptions {
  /** Bytes of speech in memory; default 32 MiB. */
  memoryBytes?: number;
  /** Bytes of speech in `cache/` of the campaign's folder; default 256 MiB, 0 writes nothing. */
  diskBytes?: number;
}

/** What a table's cache depends on. */
export interface SpeechCacheSetting {
  cache?: CacheOptions;
  /** Without it nothing outlasts the process. */
  campaignDir?: string;
  engines: readonly (WrittenEngineRef | TTSEngine)[];
  log?: (message: string) => void;
}

/**
 * The cache of one table.
 * @throws RangeError where a limit is negative, BardcastError `internal` where there are no files for a folder
 */
export async function createSpeechCache(setting: SpeechCacheSetting): Promise<SpeechCache> {
  const { cache = {}, campaignDir, engines, log = () => undefined } = setting;
  const { memoryBytes = DEFAULT_MEMORY_BYTES, diskBytes = DEFAULT_DISK_BYTES } = cache;
  if (!(memoryBytes >= 0 && diskBytes >= 0)) throw new RangeError("a cache has 0 bytes or more");
  const disk =
    campaignDir !== undefined && diskBytes > 0
      ? new DiskCache(`${campaignDir}/cache`, { limitBytes: diskBytes, log })
      : undefined;
  const identities = new EngineIdentities();
  for (const engine of engines) await identities.learn(engine);
  return new SpeechCache({ memoryBytes, disk, identities });
}
