import type { UtteranceState } from "../../core/protocol/api.ts";
import type { Subscription } from "../fan-out/subscription.ts";
import { rankOf } from "../request/resolved-request.ts";
import { makesWayFor } from "../transport/rank.ts";
import type { ActiveUtterance } from "./active-utterance.ts";

/** An utterance that will be heard within this time counts as speaking, not waiting. */
const SOON_MS = 500;

/** The state of an utterance as its listeners hear it: it is sent long before its turn comes. */
export function stateOf(utterance: ActiveUtterance, all: readonly ActiveUtterance[]): UtteranceState {
  const { state } = utterance;
  if (state === "waiting" || state === "done") return state;
  const connections = new Set(utterance.subscriptions.map(({ connection }) => connection));
  const speaksInto = (other: ActiveUtterance): boolean =>
    makesWayFor(rankOf(utterance.request), rankOf(other.request)) &&
    other.messages.samples + other.durationMs > 0 &&
    other.subscriptions.some(
      (subscription) => connections.has(subscription.connection) && isHeard(subscription),
    );
  const isBegun = utterance.subscriptions.some(hasBegun);
  if (all.some(speaksInto)) return isBegun ? "interrupted" : "waiting";
  const handed = utterance.subscriptions.filter(({ handedMs }) => handedMs > 0);
  // What is left may be more than was handed over: sound counts as soon as it is made.
  const isLater = handed.length > 0 && handed.every(({ leftMs, handedMs }) => leftMs - handedMs > SOON_MS);
  return isLater && !isBegun ? "waiting" : state;
}

/** Whether an utterance has to wait for others that may not be interrupted by it. */
export function isHeldUp(utterance: ActiveUtterance, all: readonly ActiveUtterance[]): boolean {
  const connections = new Set(utterance.subscriptions.map(({ connection }) => connection));
  return all.some(
    (other) =>
      other.request.priority > utterance.request.priority &&
      other.subscriptions.some(
        (subscription) => connections.has(subscription.connection) && isHeard(subscription),
      ),
  );
}

function isHeard({ isOver, leftMs }: Subscription): boolean {
  return !isOver || leftMs > 0;
}

function hasBegun({ placeMs }: Subscription): boolean {
  return placeMs !== undefined;
}
