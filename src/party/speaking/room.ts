import { BardcastError } from "../../core/errors.ts";
import type { Observe } from "../../core/observation.ts";
import type { ActiveUtterance } from "./active-utterance.ts";

/** So many times as many utterances as may be waiting may still be heard. */
const MAX_DRAINING = 8;

/** @throws BardcastError `busy` where too many are waiting */
export function requireRoom(
  utterances: readonly ActiveUtterance[],
  maxLines: number,
  observe: Observe,
): void {
  const unfinished = utterances.filter(({ state }) => state === "waiting" || state === "speaking").length;
  if (unfinished < maxLines && utterances.length < MAX_DRAINING * maxLines) return;
  observe({ type: "limit.reached", limit: "utterances" });
  const message = `${maxLines} lines are waiting to be spoken; try again when some are done`;
  throw new BardcastError("busy", message, { retryable: true });
}
