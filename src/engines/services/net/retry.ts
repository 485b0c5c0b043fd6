import { BardcastError } from "../../../core/errors.ts";
import { ServiceError } from "./service-error.ts";

/** Tries after the first. */
export const RETRIES = 2;
/** ms; the first pause is between nothing and this, each further one between nothing and twice as much. */
const FIRST_PAUSE_MS = 250;

/**
 * ms to wait before asking again: full jitter (M. Brooker, "Exponential Backoff And Jitter"), but not before
 * the service wants to be asked.
 * @param attempt from 0
 * @param leftMs until nobody waits any longer
 * @returns undefined where asking again cannot help, or not in time
 */
export function pauseBefore(error: unknown, attempt: number, leftMs: number): number | undefined {
  if (attempt >= RETRIES || !(error instanceof BardcastError) || !error.retryable) return undefined;
  const wanted = error instanceof ServiceError ? (error.retryAfterMs ?? 0) : 0;
  const pause = Math.max(wanted, Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
  return pause < leftMs ? pause : undefined;
}

/** @throws `signal.reason` when aborted */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}
