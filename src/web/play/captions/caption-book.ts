import { type Line, MAX_CAPTIONS, type Spoken, withLine } from "../../../client/index.ts";
import { Reveals } from "../../../client/reveals.ts";
import type { Answer } from "../../../core/protocol/answers.ts";
import { areHeard, soundsAt } from "../../../core/protocol/table-settings.ts";
import { displayName } from "../../shared/names.ts";
import type { Caption, ReadableCaption, Wanted } from "./caption.ts";

/** How late words appear, the later the higher. */
const LATENESS: Readonly<Record<NonNullable<Line["reveal"]>, number>> = {
  "at-once": 1,
  sentence: 2,
  word: 3,
};

/** The last lines of a table as one page shows them, oldest first: at most `MAX_CAPTIONS`. */
export class CaptionBook {
  readonly #reveals = new Reveals();
  #captions: readonly Caption[] = [];
  #readable: readonly ReadableCaption[] = [];

  get captions(): readonly Caption[] {
    return this.#captions;
  }

  /** Whether anything waits to be shown that the time may bring. */
  get isWaiting(): boolean {
    return this.#reveals.isWaiting;
  }

  /** A line goes on that was kept as one that is over. */
  begin(utterance: string): void {
    this.#change(utterance, { isOver: false });
  }

  /** All that is known of a line's text. */
  text(line: Line): void {
    const known = this.of(line.id);
    const caption = { isOver: false, ...known, ...joined(known, line) };
    this.#reveals.text(caption);
    this.#captions = withLine(this.#captions, caption);
  }

  /** What is being said; undefined in silence. */
  spoken(spoken: Spoken | undefined): void {
    this.#reveals.spoken(spoken);
  }

  /** A sentence has no sound. */
  silent(utterance: string, sentence: number): void {
    this.#reveals.silent(utterance, sentence);
  }

  /** What a player wrote: this one, or another to everyone. */
  answer({ id, player, at, text = "", private: isPrivate }: Answer, isOwn: boolean): void {
    const who = { name: displayName(player), isAnswer: isOwn ? "own" : "other" } as const;
    const line = { id, content: text, private: isPrivate, timestamp: at };
    this.#captions = withLine(this.#captions, { ...line, ...who, isOver: true });
  }

  /** The game master stopped it. */
  stop(utterance: string): void {
    const caption = this.of(utterance);
    if (caption && !caption.isOver) this.#change(utterance, { stoppedAt: this.#reveals.said(caption) });
    this.#reveals.takenBack(utterance);
  }

  /** Nothing more of it will be heard. */
  over(utterance: string, isMissed = false): void {
    this.#reveals.over(utterance);
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

  of(utterance: string | undefined): Caption | undefined {
    return this.#captions.find(({ id }) => id === utterance);
  }

  /** What is to be read by now. A caption that is as it was stays the same object: it is not drawn again. */
  readable(wanted: Wanted): readonly ReadableCaption[] {
    const before = new Map(this.#readable.map((caption) => [caption.id, caption]));
    this.#readable = this.#captions.flatMap((caption) => {
      const shown = this.#shown(caption, wanted);
      if (shown === 0) return [];
      const known = before.get(caption.id);
      return known?.shown === shown && isSame(known, caption) ? known : { ...caption, shown };
    });
    return this.#readable;
  }

  #shown(caption: Caption, wanted: Wanted): number {
    const { isOver, stoppedAt } = caption;
    const later = laterOf(caption, wanted);
    // What was stopped is not read further than it was said, or not at all where it was not its turn yet.
    if (isOver && stoppedAt !== undefined && later && (later !== "at-once" || stoppedAt === 0))
      return stoppedAt;
    return this.#reveals.shown(later ? { ...caption, reveal: later } : caption).length;
  }

  #change(utterance: string, change: Partial<Caption>): void {
    const caption = this.of(utterance);
    if (!caption) return;
    const changed = { ...caption, ...change };
    this.#captions = this.#captions.map((other) => (other === caption ? changed : other));
  }
}

/** When its text appears: as late as the game master wants it, or who reads; what is not heard has no words to wait for. */
function laterOf(line: Line, { words, sounds = "all", loudspeaker }: Wanted): Line["reveal"] {
  const { reveal, speaker, name } = line;
  const isNarration = name === undefined && speaker !== undefined;
  const own = words === "never" || words === "at-once" ? undefined : words;
  const later = own && (!reveal || LATENESS[own] > LATENESS[reveal]) ? own : reveal;
  const isHeard = areHeard(sounds, isNarration) && soundsAt(loudspeaker, line.private);
  return later && !isHeard ? "at-once" : later;
}

function isSame(known: Caption, caption: Caption): boolean {
  const { content, isOver, stoppedAt, isMissed, sentences } = caption;
  return (
    known.content === content &&
    known.isOver === isOver &&
    known.stoppedAt === stoppedAt &&
    known.isMissed === isMissed &&
    known.sentences === sentences
  );
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
