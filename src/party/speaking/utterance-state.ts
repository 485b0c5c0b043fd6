import type { Subscription } from "../fan-out/subscription.ts";
import { rankOf } from "../request/resolved-request.ts";
import { makesWayFor } from "../transport/rank.ts";
import type { ActiveUtterance, UtteranceState } from "./active-utterance.ts";

/** A line that is heard so soon is not waiting. */
const SOON_MS = 500;

/** What is true of a line at the listeners' ears: it is sent long before its turn to be heard. */
export function stateOf(line: ActiveUtterance, all: readonly ActiveUtterance[]): UtteranceState {
  const { state } = line;
  if (state === "waiting" || state === "done") return state;
  const ears = new Set(line.subscriptions.map(({ connection }) => connection));
  const speaksInto = (other: ActiveUtterance): boolean =>
    makesWayFor(rankOf(line.request), rankOf(other.request)) &&
    other.messages.samples + other.durationMs > 0 &&
    other.subscriptions.some((subscription) => ears.has(subscription.connection) && isHeard(subscription));
  if (all.some(speaksInto)) return line.subscriptions.some(hasBegun) ? "interrupted" : "waiting";
  const handed = line.subscriptions.filter(({ handedMs }) => handedMs > 0);
  const isToCome = handed.length > 0 && handed.every(({ leftMs, handedMs }) => leftMs - handedMs > SOON_MS);
  return isToCome ? "waiting" : state;
}

/** Whether a line has to wait for others that may not be interrupted by it. */
export function isHeldUp(line: ActiveUtterance, all: readonly ActiveUtterance[]): boolean {
  const ears = new Set(line.subscriptions.map(({ connection }) => connection));
  return all.some(
    (other) =>
      other.request.priority > line.request.priority &&
      other.subscriptions.some((subscription) => ears.has(subscription.connection) && isHeard(subscription)),
  );
}

function isHeard({ isOver, leftMs }: Subscription): boolean {
  return !isOver || leftMs > 0;
}

function hasBegun({ placeMs }: Subscription): boolean {
  return placeMs !== undefined;
}
