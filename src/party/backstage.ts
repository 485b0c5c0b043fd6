import type { TTSRouter } from "../engines/router.ts";
import type { FanOutContext } from "./fan-out-context.ts";

/** What a line needs of the stage it is performed on. */
export interface Backstage extends FanOutContext {
  router: Pick<TTSRouter, "speak">;
  /** A line was taken off the stage. */
  cancelled: () => void;
}
