import { BlockText } from "./block-text.ts";
import { BlockReader } from "./markdown/block-reader.ts";
import { type Speakable, type StageDirections, spokenOf } from "./spoken.ts";

/**
 * What is to be said of a sentence that stands alone: markdown and stage directions are for the eye.
 * @param language BCP 47: how a link is said
 */
export function speakable(
  sentence: string,
  { language, stageDirections }: { language?: string; stageDirections?: StageDirections } = {},
): Speakable {
  const text = new BlockText();
  const reader = new BlockReader(
    {
      open: () => undefined,
      // What one block says does not touch what the next one says.
      end: () => text.text(" "),
      text: (written) => text.text(written),
      eye: (written) => text.eye(written),
      say: (written, said) => text.say(written, said),
      lineBreak: (next) => text.lineBreak(next),
      unsay: () => text.unsay(),
    },
    language,
  );
  reader.push(sentence);
  reader.flush();
  const { text: shown, pieces } = text.cut(Number.POSITIVE_INFINITY);
  return spokenOf(shown, pieces, stageDirections);
}
