import { BardcastError, coded } from "../../core/errors.ts";

/** An engine's error, with a code: its own, `cancelled` where it was told to stop, else `engine-failed`. */
export function engineError(error: unknown, signal?: AbortSignal): BardcastError {
  if (signal?.aborted) return new BardcastError("cancelled", "cancelled");
  return coded(error, "engine-failed");
}
