import { BoundaryJudge, type Mark, WINDOW } from "./boundary.ts";
import { COUNTED } from "./counted.ts";

/** What comes behind the text: more of it; more, but nothing for a while; nothing, so that its end ends a sentence. */
export type Follows = "more" | "pause" | "nothing";

/** Where a sentence ends. */
export interface SentenceEnd {
  /** The place behind it and the space that follows. */
  at: number;
  /** No rule doubts it. */
  isSure: boolean;
}

const BRACKETS = /[([（「『【《〈)\]）」』】》〉]/gu;
const CLOSERS: Readonly<Record<string, string>> = {
  "(": ")",
  "[": "]",
  "（": "）",
  "「": "」",
  "『": "』",
  "【": "】",
  "《": "》",
  "〈": "〉",
};
/** Marks that are looked at together; more than this are longer than a sentence may be. */
const MAX_MARKS = 256;
/** Characters of a sentence that may end by a look alone, and of the longest word that is looked up. */
const MIN_PLAIN = 12;

/** A full stop, or several, or a dash that breaks off what somebody says, what closes behind it, and the space after that. */
function marksOf(language: string): RegExp {
  const marks = `${singleMarksOf(language)}{1,${MAX_MARKS}}`;
  // These open in other languages; where they touch the mark and nothing touches them, they close.
  const turned = language === "zh" || language === "ja" ? "(?!)" : "[“‘«‹](?=[\\s,;:.!?)]|$)";
  const spaced = language === "fr" ? " ?[»›]" : "[»›]";
  const note = "\\[\\d{1,3}\\]";
  return new RegExp(
    `(\\.(?: \\.){1,4}|${marks}|[—–](?=[”»]))((?:${spaced}|["'”’)\\]」』）】》〉]|${turned}|${note})*)( *)`,
    "gu",
  );
}

function singleMarksOf(language: string): string {
  return `[.!?…。！？｡．।॥؟۔։።။៕‼⁇⁈⁉${language === "el" ? ";\\u037e" : ""}]`;
}

/** The number of an option: `You can: 1. Fight 2. Flee` */
const OPTION = /(?:^|\s)(\d{1,2})$/;

/** Finds where sentences end, one after the other, and keeps its place while the text grows. */
export class SentenceScanner {
  readonly #judge: BoundaryJudge;
  readonly #marks: RegExp;
  /** The first character of what `#marks` finds. */
  readonly #mark: RegExp;
  #from = 0;
  /** Brackets up to here are on the stack. */
  #seen = 0;
  /** Marks of this sentence before this are judged. */
  #resume = 0;
  /** From where the sentence begins to here there are no marks. */
  #bare = 0;
  #stack: { closer: string; at: number }[] = [];
  /** The number of the option that this sentence has begun. */
  #option: number | undefined;

  /** @param language BCP 47; an unknown one is read like English */
  constructor(language: string) {
    const base = language.toLowerCase().split(/[-_]/, 1)[0] ?? "";
    this.#judge = new BoundaryJudge(base);
    this.#marks = marksOf(base);
    this.#mark = new RegExp(`${singleMarksOf(base)}|[—–](?=[”»])`, "g");
  }

  /** From here on stands the next sentence of a text that has `length` characters so far, or another text. */
  begin(from: number, length: number): void {
    this.#bare = Math.min(this.#bare, length);
    this.#from = from;
    this.#seen = from;
    this.#resume = Math.max(from, this.#bare);
    this.#option = undefined;
    this.#stack = [];
  }

  /** The text has lost so many characters before the place where `begin` was. */
  forget(characters: number): void {
    if (characters === 0) return;
    this.#from -= characters;
    this.#seen -= characters;
    this.#resume -= characters;
    this.#bare -= characters;
    for (const open of this.#stack) open.at -= characters;
  }

  /**
   * The end of the sentence that begins where `begin` said, or undefined where it is not certain yet.
   * @param limit characters of a sentence; ends that are further away are not looked for
   */
  next(text: string, follows: Follows, limit: number): SentenceEnd | undefined {
    const plain = this.#plainEnd(text, limit);
    if (plain !== undefined) return { at: plain, isSure: true };
    const marks = this.#marks;
    marks.lastIndex = this.#resume;
    for (let found = marks.exec(text); found; found = marks.exec(text)) {
      if (found.index > this.#from + limit) {
        this.#bare = this.#resume = found.index;
        return undefined;
      }
      const [all, mark = "", closers = "", gap = ""] = found;
      const at = found.index + all.length;
      const isLast = at === text.length;
      this.#open(text, found.index);
      if (isLast && follows === "nothing") return undefined;
      const opened = this.#closedBy(closers);
      const isBracketed = opened !== undefined && text.slice(this.#from, opened).trim() !== "";
      const next = text.slice(at, at + WINDOW);
      const said = text.slice(this.#from, found.index);
      const isWhole = next.length === WINDOW || follows === "nothing";
      const judged: Mark = { said, marks: mark, closers, gap, next, isWhole, isBracketed };
      const isWithin = this.#isWithin(text, closers);
      if (isLast && follows === "pause")
        return { at, isSure: !isWithin && this.#stack.length === 0 && this.#judge.isSure(judged) };
      const verdict = isWithin ? (isLast ? "wait" : "goes on") : isLast ? "wait" : this.#judge.judge(judged);
      const option = mark === "." && closers === "" && !isLast && !isWithin ? this.#optionOf(said) : "none";
      if (typeof option === "number") return { at: option, isSure: true };
      if (verdict === "ends" && option === "none") return { at, isSure: true };
      // Only the part of the next word that has arrived can be used.
      if (
        verdict === "wait" &&
        option === "none" &&
        follows === "pause" &&
        this.#judge.judge({ ...judged, isWhole: true }) === "ends"
      ) {
        return { at, isSure: false };
      }
      if (verdict === "wait") {
        this.#bare = this.#resume = found.index;
        return undefined;
      }
      this.#close(closers);
      this.#seen = at;
      this.#resume = at;
    }
    // A dash is a mark only where a quote closes behind it, and a space may turn out to be for the eye.
    const searched = /[—– ]$/u.test(text) && follows !== "nothing" ? text.length - 1 : text.length;
    this.#bare = this.#resume = Math.max(this.#resume, searched);
    return undefined;
  }

  /** `first`: the number before the full stop begins the options; a place: it begins the next one, there. */
  #optionOf(said: string): number | "first" | "none" {
    const [all, digits = ""] = OPTION.exec(said.slice(-3)) ?? [];
    if (all === undefined) return "none";
    const value = Number(digits);
    const head = said.slice(0, said.length - digits.length);
    if (/^\P{L}*$/u.test(head) || (value === 1 && /:\s$/.test(head))) {
      this.#option = value;
      return "first";
    }
    const isNext = this.#option !== undefined && value === this.#option + 1 && !COUNTED.test(head.slice(-24));
    return isNext ? this.#from + head.length : "none";
  }

  /** How most sentences end: a word in small letters that is no abbreviation, a mark, a space, a capital. */
  #plainEnd(text: string, limit: number): number | undefined {
    const mark = this.#mark;
    mark.lastIndex = this.#resume;
    if (!mark.test(text)) return undefined;
    const index = mark.lastIndex - 1;
    const isFar = index > this.#from + limit || index < this.#from + MIN_PLAIN;
    if (isFar || text[index + 1] !== " " || !isUpper(text.charCodeAt(index + 2))) return undefined;
    this.#open(text, index);
    if (this.#stack.length > 0) return undefined;
    if (text[index] === "!" || text[index] === "?") return index + 2;
    if (text[index] !== ".") return undefined;
    let begin = index;
    while (index - begin < MIN_PLAIN && isLower(text.charCodeAt(begin - 1))) begin -= 1;
    if (text[begin - 1] !== " " || index - begin < 3) return undefined;
    return this.#judge.isAbbreviation(text.slice(begin, index)) ? undefined : index + 2;
  }

  #open(text: string, to: number): void {
    if (to <= this.#seen) return;
    let at = this.#seen;
    while (at < to && !mayBeBracket(text.charCodeAt(at))) at += 1;
    if (at < to) {
      const said = text.slice(this.#seen, to);
      for (const { 0: bracket, index } of said.matchAll(BRACKETS)) {
        const closer = CLOSERS[bracket];
        const place = this.#seen + index;
        // Of a face, :( nothing closes.
        if (closer && !/[:;=]-?$/.test(text.slice(Math.max(0, place - 2), place)))
          this.#stack.push({ closer, at: place });
        else if (!closer && this.#stack.at(-1)?.closer === bracket) this.#stack.pop();
      }
    }
    this.#seen = to;
  }

  /** Where the outermost bracket stands that these close. */
  #closedBy(closers: string): number | undefined {
    let depth = this.#stack.length;
    for (const closer of closers) if (this.#stack[depth - 1]?.closer === closer) depth -= 1;
    return this.#stack[depth]?.at;
  }

  #close(closers: string): void {
    for (const closer of closers) if (this.#stack.at(-1)?.closer === closer) this.#stack.pop();
  }

  /** Within brackets that stand in a sentence nothing ends. */
  #isWithin(text: string, closers: string): boolean {
    let depth = this.#stack.length;
    for (const closer of closers) if (this.#stack[depth - 1]?.closer === closer) depth -= 1;
    const open = this.#stack.slice(0, depth);
    return open.some(({ at }) => text.slice(this.#from, at).trim() !== "");
  }
}

function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

/** A quick look: round, square, and those of Chinese and Japanese. */
function mayBeBracket(code: number): boolean {
  if (code < 0x80) return code === 0x28 || code === 0x29 || code === 0x5b || code === 0x5d;
  return (code >= 0x3008 && code <= 0x3011) || code === 0xff08 || code === 0xff09;
}
