/** When a line's turn comes on a connection. */
export interface Rank {
  /** Higher first. */
  readonly priority: number;
  /** Order of arrival, for equal priorities. */
  readonly order: number;
  /** Does not wait for lines before it whose priority is not higher. */
  readonly interrupts: boolean;
}

/** Whether a line that is being said falls silent for another. */
export function makesWayFor(line: Rank, other: Rank): boolean {
  return other.interrupts && other.order > line.order && other.priority >= line.priority;
}

/** Whether the turn of one that waits comes before another's. */
export function comesBefore(line: Rank, other: Rank): boolean {
  if (line.priority !== other.priority) return line.priority > other.priority;
  if (line.interrupts !== other.interrupts) return line.interrupts;
  return line.order < other.order;
}
