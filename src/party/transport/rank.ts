/** When an utterance's turn comes on a connection. */
export interface Rank {
  /** Higher first. */
  readonly priority: number;
  /** Order of arrival, for equal priorities. */
  readonly order: number;
  /** Does not wait for utterances before it whose priority is not higher. */
  readonly interrupts: boolean;
}

/** Whether an utterance that is being said falls silent for another. */
export function makesWayFor(utterance: Rank, other: Rank): boolean {
  return other.interrupts && other.order > utterance.order && other.priority >= utterance.priority;
}

/** Whether the turn of one that waits comes before another's. */
export function comesBefore(utterance: Rank, other: Rank): boolean {
  if (utterance.priority !== other.priority) return utterance.priority > other.priority;
  if (utterance.interrupts !== other.interrupts) return utterance.interrupts;
  return utterance.order < other.order;
}
