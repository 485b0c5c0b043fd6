import type { Listening } from "./listening.ts";
import type { Performance, PerformanceState } from "./performance.ts";
import { makesWayFor } from "./rank.ts";
import { rankOf } from "./script.ts";

/** A line that is heard so soon is not waiting. */
const SOON_MS = 500;

/** What is true of a line at the listeners' ears: it is sent long before its turn to be heard. */
export function stateOf(line: Performance, all: readonly Performance[]): PerformanceState {
  const { state } = line;
  if (state === "waiting" || state === "done") return state;
  const ears = new Set(line.listenings.map(({ connection }) => connection));
  const speaksInto = (other: Performance): boolean =>
    makesWayFor(rankOf(line.script), rankOf(other.script)) &&
    other.record.samples + other.durationMs > 0 &&
    other.listenings.some((listening) => ears.has(listening.connection) && isHeard(listening));
  if (all.some(speaksInto)) return line.listenings.some(hasBegun) ? "interrupted" : "waiting";
  const handed = line.listenings.filter(({ handedMs }) => handedMs > 0);
  const isToCome = handed.length > 0 && handed.every(({ leftMs, handedMs }) => leftMs - handedMs > SOON_MS);
  return isToCome ? "waiting" : state;
}

/** Whether a line has to wait for others that may not be interrupted by it. */
export function isHeldUp(line: Performance, all: readonly Performance[]): boolean {
  const ears = new Set(line.listenings.map(({ connection }) => connection));
  return all.some(
    (other) =>
      other.script.priority > line.script.priority &&
      other.listenings.some((listening) => ears.has(listening.connection) && isHeard(listening)),
  );
}

function isHeard({ isOver, leftMs }: Listening): boolean {
  return !isOver || leftMs > 0;
}

function hasBegun({ placeMs }: Listening): boolean {
  return placeMs !== undefined;
}
