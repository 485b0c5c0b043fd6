import type { Omittable } from "./omit.ts";
import type { StageDirections } from "./speakable.ts";

/** How a line's text is read. */
export interface ReadingOptions {
  /** What of a model's stream is left out, neither shown nor said: `think`, what stands between `<think>` and `</think>`. */
  omit?: readonly Omittable[] | undefined;
  /** `said`: `*sighs*` and `(softly)` are said as well; by default they are only shown. */
  stageDirections?: StageDirections | undefined;
}
