import { type Line, MAX_CAPTIONS, type Spoken, withLine } from "../../client/index.ts";
import type { SpeechBeginMessage, SpeechCancelMessage } from "../../core/protocol/v2.ts";
import { type Caption, WHOLE_SENTENCE } from "./caption.ts";

/** The last lines of a table as one page shows them, oldest first: at most `MAX_CAPTIONS`. */
export class CaptionBook {
  #captions: readonly Caption[] = [];
  /** Lines that have begun and are not over. */
  readonly #begun = new Set<string>();

  get captions(): readonly Caption[] {
    return this.#captions;
  }

  /** A line comes, or goes on after a lost connection. */
  begin({ utterance }: SpeechBeginMessage): void {
    this.#begun.add(utterance);
    this.#change(utterance, { isOver: false });
    for (const oldest of this.#begun) {
      if (this.#begun.size <= MAX_CAPTIONS) break;
      this.#begun.delete(oldest);
    }
  }

  /** All that is known of a line's text. Of one that never began there is only text: it is shown at once. */
  text(line: Line): void {
    const known = this.#captions.find(({ id }) => id === line.id);
    const caption = known ?? { isOver: !this.#begun.has(line.id) };
    this.#captions = withLine(this.#captions, { ...caption, ...joined(known, line) });
  }

  /** What is being said. */
  spoken({ line, sentence, charStart, charLength = 0 }: Spoken): void {
    const caption = this.#captions.find(({ id }) => id === line);
    if (!caption || line === undefined) return;
    const chars = charStart === undefined ? WHOLE_SENTENCE : charStart + charLength;
    const said = { sentence: sentence ?? 0, chars };
    const { said: before } = caption;
    const isFurther =
      !before ||
      said.sentence > before.sentence ||
      (said.sentence === before.sentence && said.chars > before.chars);
    if (isFurther) this.#change(line, { said });
  }

  /** The game master stopped it. */
  stop({ utterance }: SpeechCancelMessage): void {
    this.#change(utterance, { isStopped: true });
  }

  /** Nothing more of it will be heard. */
  over(utterance: string, isMissed = false): void {
    this.#begun.delete(utterance);
    this.#change(utterance, { isOver: true, ...(isMissed ? { isMissed } : {}) });
  }

  /** What was kept of this player's captions, before those that have come since. */
  restore(captions: readonly Caption[]): void {
    const here = new Set(this.#captions.map(({ id }) => id));
    const before = captions
      .filter(({ id }) => !here.has(id))
      .map((caption) => ({ ...caption, isOver: true }));
    this.#captions = [...before, ...this.#captions].slice(-MAX_CAPTIONS);
  }

  #change(utterance: string, change: Partial<Caption>): void {
    const caption = this.#captions.find(({ id }) => id === utterance);
    if (!caption) return;
    const changed = { ...caption, ...change };
    this.#captions = this.#captions.map((other) => (other === caption ? changed : other));
  }
}

/** A line with the sentences that are only known from before the page was loaded again. */
function joined(known: Caption | undefined, line: Line): Line {
  const told = new Set(line.sentences?.map(({ sentence }) => sentence));
  const missing = line.sentences && known?.sentences?.filter(({ sentence }) => !told.has(sentence));
  if (!missing?.length) return line;
  const all = [...(line.sentences ?? []), ...missing].sort((a, b) => a.sentence - b.sentence);
  let start = 0;
  const sentences = all.map((sentence) => {
    const placed = { ...sentence, start };
    start += sentence.text.length + 1;
    return placed;
  });
  return { ...line, sentences, content: sentences.map(({ text }) => text).join(" ") };
}
