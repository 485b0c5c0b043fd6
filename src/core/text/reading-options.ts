import type { Omittable } from "./omit.ts";
import type { StageDirections } from "./speakable.ts";

/** How a line's text is read. */
export interface ReadingOptions {
  /** What of a model's stream is left out, neither shown nor said: `think`, what stands between `<think>` and `</think>`. */
  omit?: readonly Omittable[] | undefined;
  /** `said`: `*sighs*` and `(softly)` are said as well; by default they are only shown. */
  stageDirections?: StageDirections | undefined;
  /**
   * `from text`: a line that begins with a speaker's name and a colon, `Mara: Run!`, is said in that character's voice, to
   * its end. The name is shown as it is written, and not said.
   */
  cast?: "from text" | undefined;
}

/** These options of a request. */
export function readingOf({ omit, stageDirections, cast }: ReadingOptions): ReadingOptions {
  return { omit, stageDirections, cast };
}
