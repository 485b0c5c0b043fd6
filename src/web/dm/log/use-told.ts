import { useRef } from "hono/jsx/dom";
import type { Answer } from "../../../core/protocol/answers.ts";

/** In the place of a line, for what was told before any. */
export const BEFORE_ALL = "";

/**
 * What players told, by the line after which it came, as far as this page has seen it come.
 * @param answers newest first
 * @param lastLine the newest line that was said
 */
export function useTold(
  answers: readonly Answer[],
  lastLine: string | undefined,
): ReadonlyMap<string, readonly Answer[]> {
  const places = useRef<ReadonlyMap<string, string>>(new Map());
  const known = places.current ?? new Map<string, string>();
  const placed = answers.map(({ id }) => [id, known.get(id) ?? lastLine ?? BEFORE_ALL] as const);
  places.current = new Map(placed);
  const told = new Map<string, Answer[]>();
  for (const answer of [...answers].reverse()) {
    const after = places.current.get(answer.id) ?? BEFORE_ALL;
    told.set(after, [...(told.get(after) ?? []), answer]);
  }
  return told;
}
