import type { WaitLimit } from "../../core/async/abortable.ts";
import { BardcastError, messageOf } from "../../core/errors.ts";
import type { TTSEngine } from "../contract/engine.ts";
import type { EngineHealth } from "./engine-health.ts";
import type { GuardedEngine } from "./guarded-engine.ts";

/** ms until the first sound that an engine out of order may take where there is no other. */
const LAST_RESORT_MS = 3_000;

/** How an engine is had to speak. */
export interface Attempt<T> {
  /** @param limit for its first sound, where it is out of order and asked all the same */
  ask: (engine: GuardedEngine, limit?: WaitLimit) => Promise<T>;
  /** Without asking it: what it said before. */
  recall?: (engine: GuardedEngine) => Promise<T>;
}

/**
 * Has one engine after the other try, in order; one that is out of order says only what it said before.
 * @throws BardcastError `all-engines-failed` (its message lists each engine's reason), `cancelled`
 */
export async function firstThatSpeaks<T>(
  candidates: readonly GuardedEngine[],
  health: EngineHealth,
  { ask, recall }: Attempt<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const usable = new Set(health.usable(candidates));
  const reasons: string[] = [];
  for (const engine of candidates) {
    const problem = health.problem(engine.name);
    try {
      if (usable.has(engine))
        return await ask(engine, problem === undefined ? undefined : lastResort(engine));
      if (recall) return await recall(engine);
    } catch (error) {
      if (signal?.aborted) throw new BardcastError("cancelled", "cancelled");
      if (usable.has(engine)) reasons.push(`${engine.name}: ${messageOf(error)}`);
    }
    if (!usable.has(engine)) reasons.push(`${engine.name} is out of order: ${problem}`);
  }
  throw new BardcastError("all-engines-failed", `no engine could speak: ${reasons.join("; ")}`, {
    retryable: true,
  });
}

function lastResort({ name }: TTSEngine): WaitLimit {
  const message = `the engine "${name}" is out of order and gave no sound within ${LAST_RESORT_MS} ms`;
  return { ms: LAST_RESORT_MS, late: () => new BardcastError("engine-hung", message, { retryable: true }) };
}
