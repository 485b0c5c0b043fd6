import type { Line } from "./line.ts";

/** Lines a page keeps; the oldest go first. */
export const MAX_CAPTIONS = 200;

/**
 * The captions with one more line, oldest first. A line that is there already stays where it is: who comes
 * back in the middle of a line is sent its text once more.
 */
export function withLine(lines: readonly Line[], line: Line, limit: number = MAX_CAPTIONS): readonly Line[] {
  if (lines.some(({ id }) => id === line.id)) return lines;
  return [...lines, line].slice(-limit);
}
