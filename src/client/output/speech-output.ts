import type { AudioSink } from "./audio-sink.ts";
import type { StepState, TimedSound } from "./step.ts";

/** A device's sound for utterances: as soon as possible, or in step. */
export interface SpeechOutput {
  /** Where they are heard as soon as they can be. */
  readonly sink: AudioSink;
  /** Where they are heard when everyone else at the table hears them; undefined while that cannot be told. */
  readonly inStep?: AudioSink | undefined;
  /** How well that succeeds. */
  readonly step?: StepState | undefined;
  /** Takes the ms by which this device sounds late although it says otherwise. */
  trim?(ms: number): void;
  /** Where step is kept: clicks on each of the coming seconds of the table's clock, or gives out a sound at its moments. */
  click?(sound?: TimedSound): void;
}
