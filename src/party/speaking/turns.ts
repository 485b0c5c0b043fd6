import { BardcastError } from "../../core/errors.ts";
import type { Subscription } from "../fan-out/subscription.ts";
import { rankOf } from "../request/resolved-request.ts";
import { comesBefore } from "../transport/rank.ts";
import type { ActiveUtterance } from "./active-utterance.ts";

/** Utterances that everybody is still to hear from their beginning, and that interrupt nothing, as they will be begun. */
export function inTurn(
  utterances: readonly ActiveUtterance[],
  isWaiting: (subscription: Subscription) => boolean,
): ActiveUtterance[] {
  const isUnsent = (each: Subscription): boolean =>
    each.handedMs === 0 && (isWaiting(each) || each.isOver || !each.connection.isOpen);
  return utterances
    .filter(({ request, subscriptions, carried }) => {
      // Whoever was sent anything has asked for the first sentence.
      const { readers = 0, asked = -1 } = carried?.elsewhere ?? {};
      const isAwaited = subscriptions.some(isWaiting) || readers > 0;
      return !request.interrupt && isAwaited && asked < 0 && subscriptions.every(isUnsent);
    })
    .sort((a, b) => (comesBefore(rankOf(a.request), rankOf(b.request)) ? -1 : 1));
}

/**
 * Has one begun before another, or last: they exchange the turns they have, so that what is said later is
 * placed among them as before.
 * @param movable in the order of their turns
 * @throws BardcastError `unknown-utterance`, `too-late` where one of the two is not among them
 */
export function exchangeTurns(
  movable: readonly ActiveUtterance[],
  all: readonly ActiveUtterance[],
  { id, before }: { id: string; before: string | undefined },
): void {
  for (const named of [id, ...(before === undefined ? [] : [before])]) {
    if (!all.some((each) => each.id === named))
      throw new BardcastError("unknown-utterance", "no such line is speaking or waiting; it may be over");
    if (!movable.some((each) => each.id === named))
      throw new BardcastError("too-late", "that line is on its way to the players already");
  }
  if (id === before) return;
  const turns = movable.map(({ request }) => ({ ...request.turn }));
  const others = movable.filter((each) => each.id !== id);
  const at = others.findIndex((each) => each.id === before);
  const moved = movable.filter((each) => each.id === id);
  const ordered = others.toSpliced(at < 0 ? others.length : at, 0, ...moved);
  for (const [index, { request }] of ordered.entries()) Object.assign(request.turn, turns[index]);
}
