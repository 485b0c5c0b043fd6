import { untilAborted } from "../../core/async/abortable.ts";
import { BardcastError } from "../../core/errors.ts";
import type { LineStatus, QueuedUtterance } from "../../core/protocol/api.ts";
import type { TableApi } from "./table-api.ts";

/** ms between two looks at a line that is being heard. */
const LOOK_MS = 200;
/** Looks at a line that is in no list: for a moment it is in neither. */
const MAX_MISSES = 3;

export interface FollowOptions {
  /** For so long at most, ms. */
  waitMs: number;
  /** Called with every look at a line that is not over. */
  onProgress?: (line: QueuedUtterance) => void;
  signal: AbortSignal;
}

/**
 * Follows a line until it is known who heard it, which is when it has a `report`, or for as long as it may be waited for.
 * @throws BardcastError as the table says it; the reason of `signal`
 */
export async function followLine(
  table: TableApi,
  utterance: string,
  { waitMs, onProgress, signal }: FollowOptions,
): Promise<LineStatus> {
  const until = performance.now() + waitMs;
  for (let misses = 0; ; ) {
    signal.throwIfAborted();
    try {
      const line = await table.call<LineStatus>(`/speak/${utterance}`);
      if ("report" in line) return line;
      onProgress?.(line);
      if (performance.now() >= until) return line;
      misses = 0;
    } catch (error) {
      const isMissed = error instanceof BardcastError && error.code === "unknown-utterance";
      if (!isMissed || ++misses > MAX_MISSES) throw error;
    }
    await untilAborted(new Promise((resolve) => setTimeout(resolve, LOOK_MS)), signal);
  }
}
