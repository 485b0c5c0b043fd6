import type { TTSRouter } from "../../engines/routing/router.ts";
import type { FanOutContext } from "../fan-out/fan-out-context.ts";
import type { UtteranceJournal } from "./utterance-journal.ts";

/** What a line needs of the stage it is performed on. */
export interface SpeakingContext extends FanOutContext {
  router: Pick<TTSRouter, "speak">;
  /** Where what is said is kept, if anywhere. */
  journal: UtteranceJournal | undefined;
  /** A line was taken off the stage. */
  cancelled: () => void;
}
