import { BlockText } from "./block-text.ts";
import { type Cue, Cues } from "./cues.ts";
import { BlockReader } from "./markdown/block-reader.ts";
import type { BlockKind, BlockSink } from "./markdown/block-sink.ts";
import { MarkupReader } from "./markup.ts";
import { LAST_SOUND_MS, MAX_PAUSE_MS } from "./markup-token.ts";
import type { Piece } from "./piece.ts";
import { WINDOW } from "./sentences/boundary.ts";
import { cutPoint, MAX_SENTENCE_CHARS } from "./sentences/cut-point.ts";
import { type Follows, SentenceScanner } from "./sentences/sentence-scanner.ts";
import { type CastRun, type KnownSpeakers, SpeakerReader } from "./speakers/speaker-reader.ts";
import { PLAIN, type SpeakingStyle, sameStyle } from "./speaking-style.ts";

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
  /** Characters at its beginning that name its speaker, and are not said. */
  label?: number;
  /** Sounds of the place in it; left out: none. */
  cues?: readonly Cue[];
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
  readonly #speakers: SpeakerReader | undefined;
  readonly #blocks: BlockReader;
  readonly #scanner: SentenceScanner;
  readonly #text = new BlockText();
  #passages: Passage[] = [];
  #style: SpeakingStyle = PLAIN;
  #pauseMs = 0;
  #breakMs = 0;
  #begins = true;
  #label = 0;
  readonly #cues = new Cues();
  /** The last character said, where nothing has ended since. */
  #last = "";
  /** Half of a character that is cut between two deltas. */
  #half = "";

  /**
   * @param language BCP 47; an unknown one is read like English
   * @param speakers where lines are said in the voices of those whom the text names at their beginning: who is known
   */
  constructor(language = "en", speakers?: KnownSpeakers) {
    this.#speakers = speakers && new SpeakerReader(speakers, language);
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
    const runs = this.#reader.push(this.#half === "" ? text : text.slice(0, -1));
    for (const run of this.#speakers?.push(runs) ?? runs) this.#take(run);
    this.#settle();
    return this.#given();
  }

  /** The text has ended: what is left. */
  flush(): Passage[] {
    const runs = [...this.#reader.push(this.#half), ...this.#reader.flush()];
    const cast = this.#speakers && [...this.#speakers.push(runs), ...this.#speakers.flush()];
    for (const run of cast ?? runs) this.#take(run);
    this.#half = "";
    this.#blocks.flush();
    this.#cut();
    if (!this.#cues.isEmpty) this.#pauseMs = Math.max(LAST_SOUND_MS, this.#pauseMs);
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
    const held = this.#blocks.held || this.#speakers?.held || this.#reader.held;
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

  #take(run: CastRun): void {
    if (run.type === "text") this.#say(run.text, run.style);
    else if (run.type === "label") this.#name(run.text);
    else if (run.type === "sound") {
      this.#blocks.passTag();
      this.#cues.add(this.#text.length, run.name);
    } else if (run.ms > 0) {
      this.#blocks.passTag();
      this.#cut();
      this.#pauseMs = Math.min(MAX_PAUSE_MS, this.#pauseMs + run.ms);
    }
  }

  #say(text: string, style: SpeakingStyle): void {
    const isBehindLabel = this.#label > 0 && this.#text.length === this.#label;
    if (isBehindLabel) this.#style = style;
    if (isBehindLabel || sameStyle(style, this.#style)) {
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

  /** A label is shown with what is said behind it. */
  #name(label: string): void {
    this.#blocks.passTag();
    this.#cut();
    this.#blocks.label(label);
    this.#label = this.#text.length;
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
    const before = this.#text.length;
    const { text, pieces } = this.#text.cut(at);
    const { length } = this.#text;
    this.#cues.cut(before - length, text.length, length === 0);
    this.#scanner.begin(this.#text.spokenFrom, this.#text.spoken.length);
    if (text !== "") this.#give(text, pieces);
  }

  #give(text: string, pieces: readonly Piece[]): void {
    const cues = this.#cues.take();
    this.#passages.push({
      text,
      pieces,
      style: this.#style,
      pauseMs: this.#pauseMs,
      breakMs: this.#breakMs,
      begins: this.#begins,
      ...(this.#label > 0 ? { label: this.#label } : {}),
      ...(cues.length > 0 ? { cues } : {}),
    });
    this.#label = 0;
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
