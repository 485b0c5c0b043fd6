import type { PreparedLine } from "../../../core/protocol/prepared-line.ts";

/** Lines under one heading stand together, headings in the order in which they came. */
export function grouped(lines: readonly PreparedLine[]): readonly PreparedLine[] {
  const groups = [...new Set(lines.map(({ group }) => group))];
  return groups.flatMap((group) => lines.filter((line) => line.group === group));
}

/** Up or down by one place; at the edge of its heading it goes under the next one. */
export function moved(lines: readonly PreparedLine[], id: string, by: 1 | -1): readonly PreparedLine[] {
  const at = lines.findIndex((line) => line.id === id);
  const [line, other] = [lines[at], lines[at + by]];
  if (!line || !other) return lines;
  const next = [...lines];
  if (other.group !== line.group) next[at] = { ...line, group: other.group };
  else [next[at], next[at + by]] = [other, line];
  return next;
}

/** In front of another one, and under its heading. */
export function movedBefore(
  lines: readonly PreparedLine[],
  id: string,
  before: string,
): readonly PreparedLine[] {
  const line = lines.find((each) => each.id === id);
  const target = lines.find((each) => each.id === before);
  if (!line || !target || line === target) return lines;
  return lines.flatMap((each) => {
    if (each === line) return [];
    return each === target ? [{ ...line, group: target.group }, each] : [each];
  });
}
