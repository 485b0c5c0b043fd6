import type { Performance } from "./performance.ts";
import { rankOf } from "./script.ts";

/**
 * One line speaking into others, for those who keep step: what they were hearing stands still, and goes on
 * when it is over, from the sentence they were in. Where not all who listen to the others hear it, the others
 * go on; whoever hears it falls out of step with them.
 */
export class Interruption {
  readonly #by: Performance;
  readonly #held: readonly Performance[];

  constructor(by: Performance, lines: readonly Performance[]) {
    this.#by = by;
    const ears = new Set(by.connectionsInStep);
    this.#held = lines.filter(({ cue, connectionsInStep }) => {
      return cue.timeline.isSet && connectionsInStep.every((connection) => ears.has(connection));
    });
    for (const { cue } of this.#held) cue.hold();
  }

  /** It is known when the line will be over. */
  end(): void {
    const { cue: own, record, script, connectionsInStep } = this.#by;
    // It may be made before any of it is handed over.
    const freeAt = connectionsInStep.map(({ v2 }) => v2.freeFor(rankOf(script)));
    if (record.lengthMs > 0 && freeAt.length > 0) own.start(Math.max(...freeAt));
    const { startAt } = own.timeline;
    let at = own.endAt;
    // One that waits for another to be over has begun earlier, but goes on later.
    const byTime = [...this.#held].sort((a, b) => a.cue.restAt(startAt ?? 0) - b.cue.restAt(startAt ?? 0));
    for (const { cue } of byTime) {
      if (startAt === undefined || at === undefined || (cue.endAt ?? 0) <= startAt) cue.release();
      else at = cue.goOn(startAt, at);
    }
  }
}

/** Lets lines that have a time begin earlier where one before them was taken away. */
export function closeGaps(lines: readonly Performance[]): void {
  const inTime = lines.filter(({ cue }) => cue.isPending).sort((a, b) => startOf(a) - startOf(b));
  for (const line of inTime) {
    const ears = new Set(line.connectionsInStep);
    const before = lines.filter(
      (other) => startOf(other) < startOf(line) && other.connectionsInStep.some((each) => ears.has(each)),
    );
    line.cue.start(Math.max(0, ...before.map(({ cue }) => cue.endAt ?? 0)));
  }
}

function startOf({ cue }: Performance): number {
  return cue.timeline.startAt ?? Number.POSITIVE_INFINITY;
}
