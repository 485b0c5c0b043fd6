import { untilAborted } from "../../core/async/abortable.ts";
import { BardcastError } from "../../core/errors.ts";

/** How long a client may take to send a body that is read as a whole; a text that is spoken may take for ever. */
const BODY_WITHIN_MS = 10_000;

/** Waits for a body to be read. @throws BardcastError `request-timeout` where it does not come in time */
export async function bodyInTime<T>(reading: Promise<T>, withinMs: number = BODY_WITHIN_MS): Promise<T> {
  const late = AbortSignal.timeout(withinMs);
  try {
    return await untilAborted(reading, late);
  } catch (error) {
    if (!late.aborted) throw error;
    throw new BardcastError("request-timeout", `the body did not come within ${withinMs / 1000} seconds`);
  }
}
