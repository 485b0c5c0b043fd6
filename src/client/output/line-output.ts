import type { AudioSink } from "./audio-sink.ts";
import type { StepState } from "./step-state.ts";

/** Where lines can be heard. */
export interface LineOutput {
  /** Where they sound as soon as they can. */
  readonly sink: AudioSink;
  /** Where they sound when everyone else at the table hears them; undefined while that cannot be told. */
  readonly inStep?: AudioSink | undefined;
  /** How well that succeeds. */
  readonly step?: StepState | undefined;
}
