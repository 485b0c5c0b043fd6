/** A place among those that wait: by priority, higher first, then in order of arrival, until places are exchanged. */
export interface Turn {
  priority: number;
  order: number;
}

/** When an utterance is heard on a connection. */
export interface Rank {
  readonly priority: number;
  /** Order of arrival. */
  readonly order: number;
  /** When it is begun: the same object wherever the utterance is known. */
  readonly turn: Readonly<Turn>;
  /** Does not wait for utterances before it whose priority is not higher. */
  readonly interrupts: boolean;
}

/** Whether an utterance that is being said falls silent for another. */
export function makesWayFor(utterance: Rank, other: Rank): boolean {
  return other.interrupts && other.order > utterance.order && other.priority >= utterance.priority;
}

/** Whether the turn of one that waits comes before another's. */
export function comesBefore(utterance: Rank, other: Rank): boolean {
  const [turn, otherTurn] = [utterance.turn, other.turn];
  if (turn.priority !== otherTurn.priority) return turn.priority > otherTurn.priority;
  if (utterance.interrupts !== other.interrupts) return utterance.interrupts;
  return turn.order < otherTurn.order;
}
