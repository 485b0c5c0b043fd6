/**
 * How a thing is: as it should be; such that the table speaks with less; or such that it would not start, or not
 * speak.
 */
export type State = "ok" | "note" | "problem";

/** What was found out about one thing. */
export interface Finding {
  check: string;
  state: State;
  /** A sentence. */
  says: string;
  /** What mends it, or may be worth doing. */
  mend?: string;
}
