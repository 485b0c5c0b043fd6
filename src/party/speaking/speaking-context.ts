import type { Observe } from "../../core/observation.ts";
import type { TTSRouter } from "../../engines/routing/router.ts";
import type { FanOutContext } from "../fan-out/fan-out-context.ts";

/** What a line needs of the stage it is performed on. */
export interface SpeakingContext extends FanOutContext {
  router: Pick<TTSRouter, "speak">;
  observe: Observe;
  /** A line was taken off the stage. */
  cancelled: () => void;
}
