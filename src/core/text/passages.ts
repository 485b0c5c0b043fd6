import { cleanText } from "../clean-text.ts";
import { BardcastError } from "../errors.ts";
import { BlockText } from "./block-text.ts";
import { BlockReader } from "./markdown/block-reader.ts";
import type { BlockKind, BlockSink } from "./markdown/block-sink.ts";
import { MarkupReader, type Run } from "./markup.ts";
import { MAX_PAUSE_MS } from "./markup-token.ts";
import { omitting } from "./omit.ts";
import { PATIENCE, type Patience, withPauses } from "./patience.ts";
import type { Piece } from "./piece.ts";
import { WINDOW } from "./sentences/boundary.ts";
import { cutPoint, MAX_SENTENCE_CHARS } from "./sentences/cut-point.ts";
import { type Follows, SentenceScanner } from "./sentences/sentence-scanner.ts";
import { PLAIN, type SpeakingStyle, sameStyle } from "./speaking-style.ts";
import { deltasOf, isBlank, noText, type TextSource } from "./text-source.ts";

/** A sentence, or as much of one as is said in one style. */
export interface Passage {
  /** As it is shown, white space folded; empty only for a pause at the end of the text. */
  text: string;
  /** The text that is spoken, stage directions included, in pieces. */
  pieces: readonly Piece[];
  style: SpeakingStyle;
  /** ms of silence before it that the text asks for. */
  pauseMs: number;
  /** ms of silence before it because a heading, an item or a row has ended; it does not add to `pauseMs`. */
  breakMs: number;
  /** Whether a paragraph, a heading or a quote begins with it, or what follows one. */
  begins: boolean;
}

/** Belongs to the word before it, although a tag stands between: `[whisper]Run[/whisper]!` */
const CLOSING = /^[.,;:!?…)\]"”’»]+/u;
/** Characters behind a sentence that is not too long which may be needed to know that it has ended. */
const LOOK_AHEAD = WINDOW + 16;
/** Characters that are shown at once, whatever is said of them. */
const MAX_SHOWN_CHARS = 1000;
/** Characters of a block that are looked at together where they come one by one. */
const MAX_OPEN_CHARS = 600;
/** ms of silence behind what ends with its line. */
const BREAK_MS: Readonly<Partial<Record<BlockKind, number>>> = { heading: 400, item: 250, row: 250 };

/**
 * Cuts text that arrives in deltas into passages; which ones does not depend on where the deltas were cut. A sentence
 * is given out once what follows proves that it has ended, or when nothing follows for a while; memory is bounded by the
 * length of a sentence.
 */
export class PassageSplitter implements BlockSink {
  readonly #reader = new MarkupReader();
  readonly #blocks: BlockReader;
  readonly #scanner: SentenceScanner;
  readonly #text = new BlockText();
  #passages: Passage[] = [];
  #style: SpeakingStyle = PLAIN;
  #pauseMs = 0;
  #breakMs = 0;
  #begins = true;
  /** The last character said, where nothing has ended since. */
  #last = "";
  /** Half of a character that is cut between two deltas. */
  #half = "";

  /** @param language BCP 47; an unknown one is read like English */
  constructor(language = "en") {
    this.#blocks = new BlockReader(this, language);
    this.#scanner = new SentenceScanner(language);
  }

  /** Whether something is left that `pause` might give out. */
  get isOpen(): boolean {
    return this.#text.length > 0;
  }

  /** Takes the next delta; returns the passages it completed. */
  push(delta: string): Passage[] {
    const text = this.#half + delta;
    this.#half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
    for (const run of this.#reader.push(this.#half === "" ? text : text.slice(0, -1))) this.#take(run);
    this.#settle();
    return this.#given();
  }

  /** The text has ended: what is left. */
  flush(): Passage[] {
    for (const run of [...this.#reader.push(this.#half), ...this.#reader.flush()]) this.#take(run);
    this.#half = "";
    this.#blocks.flush();
    this.#cut();
    if (this.#pauseMs > 0) this.#give("", []);
    return this.#given();
  }

  /**
   * Nothing has come for a while: returns a sentence that has ended by all signs, although what follows might still
   * go on with it.
   * @param isLong for so long that an end counts which is in doubt
   */
  pause(isLong: boolean): Passage[] {
    // Marks behind a space belong to what follows.
    if (!this.#blocks.isAtSpace(this.#text.spoken)) this.#blocks.pause();
    const held = this.#blocks.held || this.#reader.held;
    // Text that begins behind a space, or on a line of its own, is not part of the sentence.
    if (/^\p{Ll}/u.test(held) || (held !== "" && !this.#blocks.isAtSpace(this.#text.spoken))) return [];
    if (isLong && this.#blocks.isBehindItem) this.#cut();
    const end = this.#scanner.next(this.#text.spoken, "pause", MAX_SENTENCE_CHARS);
    if (end && (end.isSure || isLong)) this.#cutAt(end.at);
    return this.#given();
  }

  open(): void {}

  end(kind: BlockKind): void {
    this.#cut();
    this.#breakMs = Math.max(this.#breakMs, BREAK_MS[kind] ?? 0);
    // The items of a list are one, as its rows are of a table.
    this.#begins ||= kind !== "item" && kind !== "row";
  }

  text(written: string): void {
    this.#last = written.at(-1) ?? this.#last;
    this.#text.text(written);
    // A block may be long, and what was given out need not be kept for it.
    if (this.#text.length > MAX_OPEN_CHARS) this.#settle();
  }

  eye(written: string): void {
    let rest = written;
    while (this.#text.length + rest.length > MAX_SHOWN_CHARS) {
      const room = Math.max(0, MAX_SHOWN_CHARS - this.#text.length);
      const at = /[\ud800-\udbff]$/.test(rest.slice(0, room)) ? room - 1 : room;
      this.#text.eye(rest.slice(0, at));
      rest = rest.slice(at);
      if (!this.#makeRoom(0) && at === 0) break;
    }
    this.#text.eye(rest);
  }

  say(written: string, said: string): void {
    this.#makeRoom(written.length);
    this.#last = said.at(-1) ?? this.#last;
    this.#text.say(written, said);
  }

  lineBreak(next: string): void {
    this.#text.lineBreak(next);
  }

  unsay(): void {
    this.#text.unsay();
  }

  #take(run: Run): void {
    if (run.type === "text") this.#say(run.text, run.style);
    else if (run.ms > 0) {
      this.#blocks.passTag();
      this.#cut();
      this.#pauseMs = Math.min(MAX_PAUSE_MS, this.#pauseMs + run.ms);
    }
  }

  #say(text: string, style: SpeakingStyle): void {
    if (sameStyle(style, this.#style)) {
      this.#blocks.push(text);
      return;
    }
    const [closing = ""] = (/\S/u.test(this.#last) && CLOSING.exec(text)) || [];
    this.#blocks.passTag();
    this.#blocks.push(closing);
    if (closing === text) return;
    this.#blocks.passTag();
    this.#cut();
    this.#style = style;
    this.#blocks.push(text.slice(closing.length));
  }

  /** Gives out sentences that have ended. */
  #scan(follows: Follows): void {
    for (;;) {
      // A space may turn out to be for the eye, with what is for the eye behind it.
      const said = this.#text.spoken;
      const spoken = follows === "more" && said.endsWith(" ") ? said.slice(0, -1) : said;
      const spokenFrom = this.#text.spokenFrom;
      const end = this.#scanner.next(spoken, follows, MAX_SENTENCE_CHARS);
      const length = (end?.at ?? spoken.length) - spokenFrom;
      if (length > MAX_SENTENCE_CHARS + (end || follows === "nothing" ? 1 : LOOK_AHEAD))
        this.#cutLong(spokenFrom);
      else if (end) this.#cutAt(end.at);
      else return;
    }
  }

  #settle(): void {
    this.#scan("more");
    this.#scanner.forget(this.#text.forget());
  }

  #cutLong(from: number): void {
    const { spoken } = this.#text;
    let at = from + cutPoint(spoken.slice(from, from + MAX_SENTENCE_CHARS + 1), MAX_SENTENCE_CHARS);
    while (spoken[at] === " ") at += 1;
    this.#cutAt(this.#text.boundary(at));
  }

  /** Whatever is left is a passage. */
  #cut(): void {
    this.#scan("nothing");
    this.#cutAt(this.#text.spoken.length);
    this.#last = "";
  }

  #cutAt(at: number): void {
    const { text, pieces } = this.#text.cut(at);
    this.#scanner.begin(this.#text.spokenFrom, this.#text.spoken.length);
    if (text !== "") this.#give(text, pieces);
  }

  #give(text: string, pieces: readonly Piece[]): void {
    this.#passages.push({
      text,
      pieces,
      style: this.#style,
      pauseMs: this.#pauseMs,
      breakMs: this.#breakMs,
      begins: this.#begins,
    });
    this.#pauseMs = 0;
    this.#breakMs = 0;
    this.#begins = false;
  }

  /** Gives out what is shown where it has become too much with `more`. @returns whether there is room now */
  #makeRoom(more: number): boolean {
    if (this.#text.length + more <= MAX_SHOWN_CHARS && more > 0) return true;
    this.#scan("more");
    if (this.#text.length + more >= MAX_SHOWN_CHARS) this.#cutAt(this.#text.spoken.length);
    return this.#text.length < MAX_SHOWN_CHARS;
  }

  #given(): Passage[] {
    const given = this.#passages;
    this.#passages = [];
    return given;
  }
}

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
    /** Takes the text as it comes, without what is left out. */
    written?: (text: string) => void;
    signal?: AbortSignal;
  },
): AsyncGenerator<Passage[], void, undefined> {
  const splitter = new PassageSplitter(options.language);
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
