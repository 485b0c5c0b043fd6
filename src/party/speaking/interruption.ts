import type { Audience } from "../../core/protocol/speak-request.ts";
import { rankOf } from "../request/resolved-request.ts";
import type { Connection } from "../transport/connection.ts";
import type { ActiveUtterance } from "./active-utterance.ts";

/** ms that those in step elsewhere may take to say when they are free. */
const TIMED_MS = 1_000;

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
    this.#held = utterances.filter(({ schedule, connectionsInStep, request, carried }) => {
      const isOurs = connectionsInStep.every((connection) => connections.has(connection));
      const isOthers = !carried?.elsewhere.readers || reaches(by.request.to, request.to);
      return schedule.timeline.isSet && isOurs && isOthers;
    });
    for (const { schedule } of this.#held) schedule.hold();
  }

  /** It is known when it will be over; where only others in step hear it, once one of those has said when they are free. */
  async end(): Promise<void> {
    const { schedule: own, messages, request, connectionsInStep, carried } = this.#by;
    // It may be made before any of it is handed over.
    const freeAt = connectionsInStep.map(({ v2 }) => v2.freeFor(rankOf(request)));
    if (messages.lengthMs > 0 && freeAt.length > 0) own.start(Math.max(...freeAt));
    if (!own.timeline.isSet && this.#held.length > 0 && carried?.elsewhere.readers)
      await Promise.race([own.timed, new Promise((resolve) => setTimeout(resolve, TIMED_MS))]);
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

/** Whether everybody in one audience is in the other. */
function reaches(to: Audience, other: Audience): boolean {
  return to === "all" || (other !== "all" && other.every((player) => to.includes(player)));
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

/** Takes utterances whose priority is not higher away from these listeners. */
export function dropFor(
  connections: readonly Connection[],
  utterances: readonly ActiveUtterance[],
  priority: number,
): void {
  const listeners = new Set(connections);
  const lower = utterances.filter(({ request }) => request.priority <= priority);
  for (const subscription of lower.flatMap(({ subscriptions }) => subscriptions)) {
    if (listeners.has(subscription.connection)) subscription.drop("interrupted");
  }
}
