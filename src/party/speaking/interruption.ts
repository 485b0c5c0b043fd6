import { rankOf } from "../request/resolved-request.ts";
import type { ActiveUtterance } from "./active-utterance.ts";

/**
 * One utterance speaking into others, for those who keep step: what they were hearing stands still, and goes on
 * when it is over, from the sentence they were in. Where not all who listen to the others hear it, the others
 * go on; whoever hears it falls out of step with them.
 */
export class Interruption {
  readonly #by: ActiveUtterance;
  readonly #held: readonly ActiveUtterance[];

  constructor(by: ActiveUtterance, utterances: readonly ActiveUtterance[]) {
    this.#by = by;
    const connections = new Set(by.connectionsInStep);
    this.#held = utterances.filter(({ schedule, connectionsInStep }) => {
      return schedule.timeline.isSet && connectionsInStep.every((connection) => connections.has(connection));
    });
    for (const { schedule } of this.#held) schedule.hold();
  }

  /** It is known when it will be over. */
  end(): void {
    const { schedule: own, messages, request, connectionsInStep } = this.#by;
    // It may be made before any of it is handed over.
    const freeAt = connectionsInStep.map(({ v2 }) => v2.freeFor(rankOf(request)));
    if (messages.lengthMs > 0 && freeAt.length > 0) own.start(Math.max(...freeAt));
    const { startAt } = own.timeline;
    let at = own.endAt;
    // One that waits for another to be over has begun earlier, but goes on later.
    const byTime = [...this.#held].sort(
      (a, b) => a.schedule.restAt(startAt ?? 0) - b.schedule.restAt(startAt ?? 0),
    );
    for (const { schedule } of byTime) {
      if (startAt === undefined || at === undefined || (schedule.endAt ?? 0) <= startAt) schedule.release();
      else at = schedule.goOn(startAt, at);
    }
  }
}

/** Lets utterances that have a time begin earlier where one before them was taken away. */
export function closeGaps(utterances: readonly ActiveUtterance[]): void {
  const inTime = utterances
    .filter(({ schedule }) => schedule.isPending)
    .sort((a, b) => startOf(a) - startOf(b));
  for (const utterance of inTime) {
    const connections = new Set(utterance.connectionsInStep);
    const before = utterances.filter(
      (other) =>
        startOf(other) < startOf(utterance) && other.connectionsInStep.some((each) => connections.has(each)),
    );
    utterance.schedule.start(Math.max(0, ...before.map(({ schedule }) => schedule.endAt ?? 0)));
  }
}

function startOf({ schedule }: ActiveUtterance): number {
  return schedule.timeline.startAt ?? Number.POSITIVE_INFINITY;
}
