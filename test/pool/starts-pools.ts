import { afterEach } from "bun:test";
import { SpeechPool, type SpeechPoolOptions } from "../../src/pool/pool.ts";

/** Starts pools of one worker, which end with the test. */
export function startsPools(): (options: SpeechPoolOptions) => Promise<SpeechPool> {
  const pools: SpeechPool[] = [];
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
  });
  return async (options) => {
    const pool = await SpeechPool.start({ size: 1, ...options });
    pools.push(pool);
    return pool;
  };
}
