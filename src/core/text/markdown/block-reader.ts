import type { BlockKind, BlockSink } from "./block-sink.ts";
import { Fence } from "./fence.ts";
import { InlineReader } from "./inline-reader.ts";
import { ItemFinder, TAIL_CHARS } from "./item-finder.ts";
import { type LineStart, lineStartAt } from "./line-start.ts";

/** What comes behind the text that is there: more; a tag, then more; nothing. */
type Behind = "more" | "tag" | "nothing";

/** A tag is no text, and touches what stands beside it as its brackets do. */
const TAG_BEGINS = "[";
const TAG_ENDS = "]";

/** Lines of these end when the line does. */
const ONE_LINE: ReadonlySet<BlockKind> = new Set<BlockKind>(["heading", "row", "rule"]);
const COMMENT_ENDS = "-->";
/** Reads blocks and marks in text that arrives in deltas; which ones does not depend on where it was cut. */
export class BlockReader {
  readonly #sink: BlockSink;
  readonly #inline: InlineReader;
  readonly #items = new ItemFinder();
  readonly #language: string;
  #text = "";
  #at = 0;
  #isLineStart = true;
  /** The rest of the line is for the eye. */
  #isEyeLine = false;
  #isComment = false;
  #kind: BlockKind | undefined;
  #fence: Fence | undefined;
  #quotes = 0;
  #isTable = false;
  /** Of the list that is open. */
  #number: { value: number; mark: string } | undefined;
  /** What was read of the item before what is read next, at most a few words. */
  #tail = "";

  /** @param language BCP 47: how links are said, and which numbers begin no list */
  constructor(sink: BlockSink, language = "en") {
    const base = language.toLowerCase().split(/[-_]/, 1)[0] ?? "en";
    this.#sink = sink;
    this.#language = base;
    this.#inline = new InlineReader(sink, base);
  }

  /** Takes the next delta; gives out what is certain by now. */
  push(delta: string): void {
    this.#text = this.#at === this.#text.length ? delta : this.#text.slice(this.#at) + delta;
    this.#at = 0;
    this.#read("more");
  }

  /** A tag stands here: what was held back is decided. */
  passTag(): void {
    this.#read("tag");
    this.#inline.passOver(TAG_ENDS);
  }

  /** What names the speaker of the line stands here: it is only shown, and what follows goes on with the line. */
  label(written: string): void {
    if (this.#fence || this.#isComment) {
      this.push(written);
      return;
    }
    if (this.#isLineStart) this.#begin({ kind: "text", length: 0, indent: 0, quotes: 0, first: "" }, "");
    this.#sink.eye(written);
    this.#inline.passOver(" ");
  }

  /** The text has ended. */
  flush(): void {
    this.#read("nothing");
    this.#fence?.end();
    this.#fence = undefined;
    this.#open(undefined);
  }

  /** Nothing has come for a while: marks that can only close what was said are given out. */
  pause(): void {
    const held = this.#text.slice(this.#at);
    if (this.#isLineStart || this.#isEyeLine || !/^(?:[*_]{1,3}|~~)$/.test(held)) return;
    this.#at = this.#text.length;
    this.#sink.eye(held);
    this.#inline.passOver(held.charAt(0));
  }

  /** What is held back until more of it is there. */
  get held(): string {
    return this.#text.slice(this.#at);
  }

  /** Whether white space stands before what is held back. */
  isAtSpace(said: string): boolean {
    return this.#isLineStart || /\s$/u.test(said);
  }

  /** Whether a line of an item has ended, and the next one has not begun. */
  get isBehindItem(): boolean {
    return this.#isLineStart && this.#kind === "item" && this.held === "";
  }

  #read(behind: Behind): void {
    const text = this.#text;
    while (this.#at < text.length && this.#step(text, behind));
    if (behind === "more") return;
    this.#text = "";
    this.#at = 0;
  }

  /** False where more has to come. */
  #step(text: string, behind: Behind): boolean {
    if (this.#isComment) return this.#comment(text, behind);
    if (this.#isEyeLine) return this.#eyeLine(text);
    if (this.#fence) return this.#code(text, behind, this.#fence);
    return this.#isLineStart ? this.#line(text, behind) : this.#inlineStep(text, behind);
  }

  #line(text: string, behind: Behind): boolean {
    const state = {
      isParagraph: this.#kind !== undefined,
      lastNumber: this.#number?.value,
      isTable: this.#isTable,
      language: this.#language,
    };
    // What a tag touches cannot be a line of marks.
    const seen = behind === "tag" && !text.includes("\n", this.#at) ? text + TAG_BEGINS : text;
    const start = lineStartAt(seen, this.#at, state, behind !== "more");
    if (start === "wait") return false;
    this.#begin(start, text);
    return true;
  }

  #begin(start: LineStart, text: string): void {
    const { kind } = start;
    const prefix = text.slice(this.#at, this.#at + start.length);
    if (kind === "text" && this.#continues(start)) this.#sink.lineBreak(text.charAt(this.#at + start.length));
    else this.#openAs(start);
    if (prefix !== "") this.#sink.eye(prefix);
    this.#at += prefix.length;
    this.#quotes = start.quotes;
    if (kind === "definition" && start.label) this.#inline.define(start.label);
    if (kind === "fence") this.#fence = new Fence(this.#sink, start.ticks ?? "```", start.quotes > 0);
    this.#isEyeLine = ["blank", "rule", "delimiters", "definition", "fence"].includes(kind);
    this.#isLineStart = false;
    this.#tail = "";
    this.#inline.beginLine();
  }

  #openAs(start: LineStart): void {
    const { kind } = start;
    if (kind === "blank") {
      this.#isTable = false;
      this.#open(undefined);
    } else if (kind === "delimiters") {
      this.#isTable = true;
      this.#open("rule");
    } else if (kind === "rule" || kind === "definition") this.#open("rule");
    else if (kind === "fence") this.#open("code");
    else if (kind === "text") this.#open(start.quotes > 0 ? "quote" : "paragraph");
    else this.#open(kind);
    // A list within an item does not end the list of the item, nor does a line that has no mark of a list.
    const keeps = start.indent >= 2 || start.length === 0;
    if (kind === "item") this.#number = start.number ?? (keeps ? this.#number : undefined);
    else if (kind === "heading" || (kind === "text" && start.indent < 2)) this.#number = undefined;
    if (kind !== "row" && kind !== "delimiters") this.#isTable = false;
  }

  /** Whether a line of text goes on with what is open. */
  #continues({ quotes, indent, first }: LineStart): boolean {
    if (this.#kind === undefined || ONE_LINE.has(this.#kind) || this.#kind === "code") return false;
    if (quotes > this.#quotes) return false;
    // As CommonMark has it an item goes on in any case; but models end it with the line.
    return this.#kind !== "item" || indent >= 2 || /\p{Ll}/u.test(first);
  }

  #open(kind: BlockKind | undefined): void {
    if (this.#kind !== undefined) this.#sink.end(this.#kind);
    this.#kind = kind;
    if (kind === undefined) return;
    this.#inline.beginBlock();
    this.#sink.open(kind);
  }

  #inlineStep(text: string, behind: Behind): boolean {
    const at = this.#at;
    if (text[at] === "\n") {
      this.#at += 1;
      this.#endLine();
      return true;
    }
    const number = this.#kind === "item" ? this.#number : undefined;
    const mayBeItem = number !== undefined || text.charCodeAt(at) > 0x7f;
    const item = mayBeItem
      ? this.#items.next(text, at, { number, before: this.#tail, isOver: behind !== "more" })
      : { at: text.length, length: 0 };
    if (item.at === at) {
      if (item.length > 0) this.#nextItem(item.length);
      return item.length > 0;
    }
    const isCut = item.at < text.length;
    const step = this.#inline.read(isCut ? text.slice(0, item.at) : text, at, {
      isHeading: this.#kind === "heading",
      isRow: this.#kind === "row",
      isOver: item.length > 0 || behind !== "more",
      after: isCut ? " " : behind === "tag" ? TAG_BEGINS : "",
    });
    if (step === "wait") return false;
    if (step === "comment") this.#isComment = true;
    else this.#advance(step);
    return true;
  }

  #advance(step: number): void {
    const read = this.#text.slice(Math.max(this.#at, this.#at + step - TAIL_CHARS), this.#at + step);
    this.#tail = step >= TAIL_CHARS ? read : (this.#tail + read).slice(-TAIL_CHARS);
    this.#at += step;
  }

  #nextItem(length: number): void {
    if (length > 1 && this.#number) this.#number = { ...this.#number, value: this.#number.value + 1 };
    this.#open("item");
    this.#sink.eye(this.#text.slice(this.#at, this.#at + length));
    this.#advance(length);
    this.#tail = "";
    this.#inline.beginLine();
  }

  #endLine(): void {
    if (this.#fence) this.#sink.eye(" ");
    this.#isLineStart = true;
    this.#isEyeLine = false;
    this.#tail = "";
    if (this.#kind !== undefined && ONE_LINE.has(this.#kind)) this.#open(undefined);
  }

  #eyeLine(text: string): boolean {
    const end = text.indexOf("\n", this.#at);
    const to = end < 0 ? text.length : end;
    if (to > this.#at) this.#sink.eye(text.slice(this.#at, to));
    this.#at = end < 0 ? to : end + 1;
    if (end >= 0) this.#endLine();
    return true;
  }

  #comment(text: string, behind: Behind): boolean {
    const end = text.indexOf(COMMENT_ENDS, this.#at);
    if (end < 0) {
      // Its end may be cut between two deltas.
      const to = behind === "more" ? Math.max(this.#at, text.length - COMMENT_ENDS.length + 1) : text.length;
      if (to > this.#at) this.#sink.eye(text.slice(this.#at, to));
      this.#at = to;
      return false;
    }
    this.#sink.eye(text.slice(this.#at, end + COMMENT_ENDS.length));
    this.#at = end + COMMENT_ENDS.length;
    this.#inline.passOver(">");
    this.#isComment = false;
    return true;
  }

  #code(text: string, behind: Behind, fence: Fence): boolean {
    const end = text.indexOf("\n", this.#at);
    const to = end < 0 ? text.length : end;
    const line = text.slice(this.#at, to);
    const closes = this.#isLineStart ? fence.closes(line, end >= 0 || behind !== "more") : "no";
    if (closes === "wait") return false;
    if (closes === "no") {
      fence.add(text.slice(this.#at, end < 0 ? to : end + 1));
      this.#at = end < 0 ? to : end + 1;
      this.#isLineStart = end >= 0;
      return true;
    }
    fence.end();
    this.#fence = undefined;
    if (closes === "yes") {
      this.#sink.eye(line);
      this.#at = to;
      this.#isEyeLine = true;
    }
    this.#open(undefined);
    if (closes === "yes") this.#isLineStart = false;
    return true;
  }
}
