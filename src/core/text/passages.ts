import { cleanText } from "../clean-text.ts";
import { BardcastError } from "../errors.ts";
import { omitting } from "./omit.ts";
import { type Passage, PassageSplitter } from "./passage-splitter.ts";
import { PATIENCE, type Patience, withPauses } from "./patience.ts";
import type { KnownSpeakers } from "./speakers/speaker-reader.ts";
import { deltasOf, isBlank, noText, type TextSource } from "./text-source.ts";

/**
 * Passages as they become complete, those together that do so at once. What a source wrote before it paused does not
 * wait for it to go on: see `Patience`.
 * @param options.omit what of a model's stream is left out
 * @throws BardcastError `text-too-long` as soon as more than `maxChars` have arrived, `text-empty` where it was
 * nothing but white space to its end; whatever `deltasOf` throws
 */
export async function* passagesOf(
  text: TextSource,
  options: {
    language?: string;
    maxChars: number;
    omit?: readonly "think"[] | undefined;
    patience?: Patience | undefined;
    /** As `PassageSplitter` takes them. */
    speakers?: KnownSpeakers | undefined;
    /** Takes the text as it comes, without what is left out. */
    written?: (text: string) => void;
    signal?: AbortSignal;
  },
): AsyncGenerator<Passage[], void, undefined> {
  const splitter = new PassageSplitter(options.language, options.speakers);
  if (typeof text === "string") {
    const whole = cleanText(text);
    if (whole.length > options.maxChars) throw tooLong(options.maxChars);
    if (isBlank(whole)) throw noText();
    options.written?.(whole);
    yield [...splitter.push(whole), ...splitter.flush()];
    return;
  }
  const push = (part: string): Passage[] => {
    options.written?.(part);
    return splitter.push(part);
  };
  const patience = options.patience ?? PATIENCE;
  const omitted = options.omit?.includes("think") ? omitting() : undefined;
  let length = 0;
  let isEmpty = true;
  for await (const event of withPauses(deltasOf(text, options.signal), patience, () => splitter.isOpen)) {
    if (event.type === "pause") {
      yield splitter.pause(event.isLong);
      continue;
    }
    length += event.item.length;
    isEmpty &&= isBlank(event.item);
    if (length > options.maxChars) throw tooLong(options.maxChars);
    yield push(omitted ? omitted.push(event.item) : event.item);
  }
  if (isEmpty) throw noText();
  if (omitted) yield push(omitted.flush());
  yield splitter.flush();
}

function tooLong(maxChars: number): BardcastError {
  return new BardcastError("text-too-long", `the text is longer than ${maxChars} characters`);
}
