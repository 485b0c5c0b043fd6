import { ADDRESS_BEGINS, ADDRESS_BEGUN, addressLength, addressSaid, WITHIN_WORD } from "./address.ts";
import { angledAt } from "./angles.ts";
import type { BlockSink } from "./block-sink.ts";
import { codeAt } from "./code-span.ts";
import { ENTITY, ENTITY_BEGUN, entityOf } from "./entities.ts";
import { labelKey, linkAt, MAX_LINK_CHARS } from "./links.ts";
import { isMark } from "./marks.ts";
import { splitUnsaid, withoutUnsaid } from "./unsaid.ts";

/** Where the reader stands: in what kind of line, and what comes behind the text that is there. */
export interface LineContext {
  isHeading: boolean;
  isRow: boolean;
  /** Nothing comes behind the text, but for what `after` says. */
  isOver: boolean;
  /** The character behind the text, where it is over and no line ends with it. */
  after: string;
}

/** Units read; `wait`: more text has to come; `comment`: one begins here. */
type Step = number | "wait" | "comment";

const PLAIN_RUN = /[^\\`[<*_~|&\n•⁃‣◦▪●]+/y;
const HEADING_RUN = /[^\\`[<*_~|&\n#•⁃‣◦▪●]+/y;
const ESCAPED = /\\[!-/:-@[-`{-~]/y;
const CLOSING_HASHES = /#+[ \t]*(?=\n|$)/y;
const CELL_END = /\|[ \t]{0,80}/y;
/** Characters of a run of marks that are looked at together. */
const MAX_RUN = 200;

/** Reads what stands in a line, mark by mark. */
export class InlineReader {
  readonly #sink: BlockSink;
  readonly #language: string;
  readonly #known = new Set<string>();
  /** The character before the next one, as it is written; empty at the beginning of a line. */
  #before = "";
  /** What was said last: punctuation needs no comma before the next cell. */
  #lastSaid = "";
  /** What is said next is another part of the line. */
  #isParted = false;

  constructor(sink: BlockSink, language: string) {
    this.#sink = sink;
    this.#language = language;
  }

  /** A link's address is defined elsewhere; not more of them than a text has room for. */
  define(label: string): void {
    if (this.#known.size < 1000) this.#known.add(labelKey(label));
  }

  beginLine(): void {
    this.#before = "";
  }

  beginBlock(): void {
    this.#lastSaid = "";
    this.#isParted = false;
  }

  /** Something that is no text stood here, a tag. */
  passOver(last: string): void {
    this.#before = last;
  }

  /** Reads the next thing in `text` at `at`, which is no line break. */
  read(text: string, at: number, line: LineContext): Step {
    const step = this.#step(text, at, line);
    if (typeof step === "number") {
      const end = at + step;
      const isPair = /[\udc00-\udfff]/.test(text.charAt(end - 1));
      this.#before = text.slice(isPair ? end - 2 : end - 1, end);
    }
    return step;
  }

  #step(text: string, at: number, line: LineContext): Step {
    switch (text[at]) {
      case "*":
      case "_":
      case "~":
        return this.#marks(text, at, line);
      case "\\":
        return this.#escape(text, at, line);
      case "`":
        return this.#code(text, at, line);
      case "[":
        return this.#bracket(text, at, line);
      case "<":
        return this.#angle(text, at, line);
      case "&":
        return this.#entity(text, at, line);
      case "|":
        return this.#cell(text, at, line);
      case "#":
        if (line.isHeading) return this.#hashes(text, at, line);
    }
    return this.#plain(text, at, line);
  }

  #plain(text: string, at: number, line: LineContext): Step {
    const pattern = line.isHeading ? HEADING_RUN : PLAIN_RUN;
    pattern.lastIndex = at;
    const run = pattern.exec(text)?.[0];
    if (run === undefined) {
      // A bullet where no item begins.
      this.#sink.eye(text.charAt(at));
      return 1;
    }
    const isWithinWord = WITHIN_WORD.test(this.#before);
    const address = run.includes("://") || /www\./i.test(run) ? this.#findAddress(text, at, run.length) : -1;
    if (address === at && !isWithinWord) return this.#address(text, at, line);
    if (address > at) return this.#say(text.slice(at, address));
    const isOpen = at + run.length === text.length && !line.isOver;
    const begun = isOpen ? ADDRESS_BEGUN.exec(run.slice(-8)) : null;
    if (!begun || (begun[0].length === run.length && isWithinWord)) return this.#say(run);
    const length = run.length - begun[0].length;
    return length === 0 ? "wait" : this.#say(run.slice(0, length));
  }

  #findAddress(text: string, at: number, length: number): number {
    ADDRESS_BEGINS.lastIndex = at;
    const found = ADDRESS_BEGINS.exec(text);
    return found && found.index < at + length ? found.index : -1;
  }

  #address(text: string, at: number, { isOver }: LineContext): Step {
    const length = addressLength(text, at);
    const isCut = !/[\s<]/.test(text.slice(at, at + MAX_LINK_CHARS + 1));
    if (isCut && !isOver && text.length - at <= MAX_LINK_CHARS) return "wait";
    const written = text.slice(at, at + length);
    this.#sayAs(written, addressSaid(written, this.#language));
    return length;
  }

  #marks(text: string, at: number, line: LineContext): Step {
    const mark = text.charAt(at);
    let end = at + 1;
    while (text[end] === mark && end - at < MAX_RUN) end += 1;
    if (end === text.length && end - at < MAX_RUN && !line.isOver) return "wait";
    const run = text.slice(at, end);
    const next = end === text.length ? line.after : String.fromCodePoint(text.codePointAt(end) ?? 32);
    if (isMark(run, this.#before, next === "\n" ? "" : next)) this.#sink.eye(run);
    else this.#said(run);
    return run.length;
  }

  #escape(text: string, at: number, { isOver }: LineContext): Step {
    ESCAPED.lastIndex = at;
    if (ESCAPED.test(text)) {
      this.#sink.eye("\\");
      this.#said(text.charAt(at + 1));
      return 2;
    }
    if (at + 1 === text.length && !isOver) return "wait";
    // Before a line's end it is a break.
    if (text[at + 1] === "\n") this.#sink.eye("\\");
    else this.#said("\\");
    return 1;
  }

  #code(text: string, at: number, { isOver }: LineContext): Step {
    const code = codeAt(text, at, isOver);
    if (code === "wait") return "wait";
    const next = text.charAt(at + 1);
    if (code.length === 1 && /\p{L}$/u.test(this.#before) && /\p{L}/u.test(next)) this.#sayAs("`", "’");
    else if (code.word !== "") {
      this.#sink.eye(text.slice(at, at + code.wordAt));
      this.#say(code.word);
      this.#sink.eye(text.slice(at + code.wordAt + code.word.length, at + code.length));
    } else this.#sink.eye(text.slice(at, at + code.length));
    return code.length;
  }

  #bracket(text: string, at: number, { isOver }: LineContext): Step {
    const link = linkAt(text, at, isOver, (label) => this.#known.has(labelKey(label)));
    if (link === "wait") return "wait";
    if (!link) return this.#said("[");
    const { before, label, after } = link;
    if (this.#before === "!") this.#sink.unsay();
    if (/[\p{L}\p{N}]/u.test(label)) {
      this.#sink.eye(before);
      this.#readWhole(label);
      this.#sink.eye(after);
    } else if (after.startsWith("](") && this.#before !== "!") {
      this.#sayAs(
        before + label + after,
        addressSaid(/^\]\([ \t]*<?([^\s>)]*)/.exec(after)?.[1] ?? "", this.#language),
      );
    } else this.#sink.eye(before + label + after);
    return before.length + label.length + after.length;
  }

  /** A link's label, with all that is in it. */
  #readWhole(label: string): void {
    const line = { isHeading: false, isRow: false, isOver: true, after: "]" };
    this.#before = "[";
    for (let at = 0; at < label.length; ) {
      const step = this.read(label, at, line);
      at += typeof step === "number" ? step : this.#said(label.charAt(at));
    }
  }

  #angle(text: string, at: number, { isOver }: LineContext): Step {
    const angled = angledAt(text, at, isOver);
    if (angled === "wait") return "wait";
    if (!angled) return this.#said("<");
    if (angled.is === "comment") return "comment";
    const written = text.slice(at, at + angled.length);
    if (angled.is === "tag") this.#tag(written, angled);
    else if (angled.is === "mail") this.#sayAs(written, angled.address);
    else if (/^mailto:/i.test(angled.address)) this.#sayAs(written, angled.address.slice("mailto:".length));
    else this.#sayAs(written, addressSaid(angled.address, this.#language));
    return angled.length;
  }

  #tag(written: string, { breaks, said }: { breaks: boolean; said: string }): void {
    this.#isParted ||= breaks && this.#lastSaid !== "";
    if (said === "") this.#sink.eye(written);
    else this.#sayAs(written, said);
  }

  #entity(text: string, at: number, { isOver }: LineContext): Step {
    ENTITY.lastIndex = at;
    const written = ENTITY.exec(text)?.[0];
    if (written === undefined && !isOver && ENTITY_BEGUN.test(text.slice(at, at + 12))) return "wait";
    const character = written === undefined ? undefined : entityOf(written);
    if (written === undefined || character === undefined) return this.#said("&");
    // Whatever nobody would hear in a text, nobody hears as an entity.
    const said = withoutUnsaid(character);
    if (said === "") this.#sink.eye(written);
    else this.#sayAs(written, said);
    return written.length;
  }

  /** Between cells is a pause; where a text has lines like `HP 12 | AC 15`, too. */
  #cell(text: string, at: number, { isOver, isRow }: LineContext): Step {
    CELL_END.lastIndex = at;
    const written = CELL_END.exec(text)?.[0] ?? "|";
    const end = at + written.length;
    if (end === text.length && !isOver) return "wait";
    const isBetween = end < text.length && text[end] !== "\n" && text[end] !== "|";
    const isSpaced = /^$|\s/.test(this.#before) && written.length > 1;
    if (!isRow && !isSpaced && text[at + 1] !== "|" && this.#before !== "|") return this.#said("|");
    if (isBetween && this.#lastSaid !== "") this.#sayAs(written, this.#pause());
    else this.#sink.eye(written);
    return written.length;
  }

  /** Between two parts of a line; behind a mark that is a pause a space is enough. */
  #pause(): string {
    return /[^.,;:!?…。，、！？]/u.test(this.#lastSaid) ? ", " : " ";
  }

  /** `## Title ##` */
  #hashes(text: string, at: number, { isOver }: LineContext): Step {
    CLOSING_HASHES.lastIndex = at;
    const written = CLOSING_HASHES.exec(text)?.[0];
    if (written === undefined) return this.#said("#");
    if (at + written.length === text.length && !isOver) return "wait";
    if (!/^$|[ \t]/.test(this.#before)) return this.#said("#");
    this.#sink.eye(written);
    return written.length;
  }

  #say(run: string): number {
    splitUnsaid(
      run,
      (part) => this.#said(part),
      (part) => this.#sink.eye(part),
    );
    return run.length;
  }

  #said(part: string): number {
    const last = part.trimEnd().at(-1);
    const spaces = this.#isParted ? part.length - part.trimStart().length : 0;
    if (spaces > 0) this.#sink.eye(part.slice(0, spaces));
    if (last !== undefined) this.#beginPart();
    if (spaces < part.length) this.#sink.text(part.slice(spaces));
    if (last !== undefined) this.#lastSaid = last;
    return part.length;
  }

  /** A tag that parts a line stood before what is said next. */
  #beginPart(): void {
    if (this.#isParted) this.#sink.say("", this.#pause());
    this.#isParted = false;
  }

  #sayAs(written: string, said: string): void {
    this.#beginPart();
    this.#sink.say(written, said);
    this.#lastSaid = said.trimEnd().at(-1) ?? this.#lastSaid;
  }
}
