import type { TimeSlicer } from "../../core/async/time-slicer.ts";
import type { UtteranceLimits } from "../request/utterance-limits.ts";
import type { Sequencer } from "../transport/sequencer.ts";

/** What handing an utterance to its listeners shares with the others of its party. */
export interface FanOutContext {
  timeSlicer: TimeSlicer;
  sequencer: Sequencer;
  limits: UtteranceLimits;
}
