import type { Line } from "./session/line.ts";

/** Lines a page keeps; the oldest go first. */
export const MAX_CAPTIONS = 200;

/**
 * The captions with one more line, oldest first. A line that is there already stays where it is and says what
 * is known of it now: lines grow, and who comes back in the middle of one is sent its text once more.
 */
export function withLine<Kept extends Line>(
  lines: readonly Kept[],
  line: Kept,
  limit: number = MAX_CAPTIONS,
): readonly Kept[] {
  const at = lines.findIndex(({ id }) => id === line.id);
  if (at >= 0) return lines.map((other, index) => (index === at ? line : other));
  return [...lines, line].slice(-limit);
}
