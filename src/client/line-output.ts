import type { Stage } from "./stage.ts";
import type { StepState } from "./step-state.ts";

/** Where lines can be heard. */
export interface LineSound {
  /** Where they sound as soon as they can. */
  readonly stage: Stage;
  /** Where they sound when everyone else at the table hears them; undefined while that cannot be told. */
  readonly inStep?: Stage | undefined;
  /** How well that succeeds. */
  readonly step?: StepState | undefined;
}
