import { definitionAt } from "./links.ts";

/** What a line begins with. */
export interface LineStart {
  kind: "blank" | "text" | "item" | "heading" | "row" | "delimiters" | "rule" | "fence" | "definition";
  /** Units before what is said; of kinds that say nothing, the whole line without its break. */
  length: number;
  /** Columns before the first mark or text. */
  indent: number;
  /** Quotes that it stands in. */
  quotes: number;
  /** The first character of its text that could not be a mark. */
  first: string;
  /** Of an item with a number: the number, and what stands behind it. */
  number?: { value: number; mark: string };
  /** Of a fence. */
  ticks?: string;
  /** Of a definition. */
  label?: string;
}

/** What is open when the line begins. */
export interface OpenState {
  isParagraph: boolean;
  /** The last number of a list that is open; undefined where none is. */
  lastNumber: number | undefined;
  isTable: boolean;
  language: string;
}

/** Longest line of marks that is looked at before it is taken for text. */
const MAX_CHARS = 200;
/** The first of these decides what kind of line it is. */
const PLAIN = /[^\s#>*+\-_=~`|\d.)<!:•⁃‣◦▪●]/u;
const LETTER = /[A-Za-z“‘"']/;
const BLANKS = /[ \t]*/y;
const QUOTE = /> ?/y;
const HEADING = /#{1,6}(?:[ \t]+|(?=\n|$))/y;
const RULE = /(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})(?=\n|$)/y;
const UNDERLINE = /(?:=+|-+)[ \t]*(?=\n|$)/y;
const BULLET = /(?:[-*+](?:[ \t]+|(?=\n|$))|[•⁃‣◦▪●][ \t]*)/y;
/** A year is no number of a list. */
const NUMBER = /(\d{1,3})(\.\)|[.)])(?:[ \t]+|(?=\n|$))/y;
const TASK = /\[[ xX]\][ \t]+/y;
/** `A) Fight`, `(2) Flee`: people read out what stands in the brackets. */
const LETTERED = /(?:[A-Za-z]|\((?:[A-Za-z]|\d{1,2}))\)[ \t]/y;
const LETTERED_BEGUN = /^(?:\(?(?:[A-Za-z]|\d{1,2})?\)?|[#*\d]\ufe0f|\p{Regional_Indicator})$/u;
/** Lists without marks: an emoji begins each line. */
const EMOJI =
  /(?:[#*\d]\ufe0f?\u20e3|\p{Regional_Indicator}{2}|(?![©®‼⁉™\u2139↔-↪])\p{Extended_Pictographic})/uy;
/** `[^1]: what is to be noted` */
const NOTE = /\[\^[^\]\s]{1,40}\]:[ \t]*/y;
const FENCE = /(`{3,})[^`\n]*(?=\n|$)|(~{3,})[^\n]*(?=\n|$)/y;
const FENCE_BEGUN = /^[\s>\d.)*+-]*(?:`{3,}[^`\n]*|~{3,}[^\n]*)$/;
const DELIMITERS = /(?=[^\n]*\|)\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*(?=\n|$)/y;
const TASK_BEGUN = /(?:^|[\s>])(?:[-*+]|\d{1,3}[.)])[ \t]+\[(?:[ xX]\]?)?$/;
/** `3. Oktober`, `5. dubna`: what stands behind a day is no item. */
const DATES: Readonly<Record<string, RegExp>> = {
  de: /(?:Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)/y,
  pl: /\p{Ll}{3,}(?:ca|ia|ja|śnia|nia|da|ego)/uy,
  cs: /(?:led|únor|břez|dub|květ|červ|srp|září|říj|list|pros)/y,
  da: /(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)/y,
  nb: /(?:jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des)/y,
  fi: /(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)/y,
  hu: /(?:jan|feb|már|ápr|máj|jún|júl|aug|szep|okt|nov|dec)/y,
};

/** What the line at `at` begins with; `wait` where that is not decided yet. */
export function lineStartAt(text: string, at: number, open: OpenState, isOver: boolean): LineStart | "wait" {
  // Most lines begin with a letter.
  if (!open.isTable && LETTER.test(text.charAt(at))) {
    const next = text.charAt(at + 1);
    if (open.isParagraph && next === "" && !isOver) return "wait";
    const isPlain = !open.isParagraph || next !== ")";
    if (isPlain) return { kind: "text", length: 0, indent: 0, quotes: 0, first: text.charAt(at) };
  }
  const end = text.indexOf("\n", at);
  const head = text.slice(at, Math.min(end < 0 ? text.length : end, at + MAX_CHARS));
  const isOpen = end < 0 && !isOver && head.length < MAX_CHARS;
  if (isOpen && (!PLAIN.test(head) || FENCE_BEGUN.test(head) || TASK_BEGUN.test(head))) return "wait";
  if (isOpen && open.isParagraph && LETTERED_BEGUN.test(head.replace(/^[\s>]+/, ""))) return "wait";
  const first = PLAIN.exec(head)?.[0] ?? "";
  const line: LineStart = { kind: "text", length: 0, indent: 0, quotes: 0, first };
  if (head.trim() === "") return { ...line, kind: "blank", length: (end < 0 ? text.length : end) - at };
  // Whatever the text goes on with, so much is looked at.
  const window = text.slice(at, at + MAX_CHARS);
  const start = startOf(window, line, open, (from) => definitionAt(text, at + from, isOver || end >= 0));
  if (start === "wait" || start.kind !== "item" || !isOpen) return start;
  // A day and its month: as much of the month as tells.
  const isDated = start.number !== undefined && Object.hasOwn(DATES, open.language);
  return isDated && /^\p{L}{0,11}$/u.test(window.slice(start.length)) ? "wait" : start;
}

function startOf(
  text: string,
  line: LineStart,
  open: OpenState,
  definition: (from: number) => ReturnType<typeof definitionAt>,
): LineStart | "wait" {
  let at = 0;
  let quotes = 0;
  let item: Pick<LineStart, "number"> | undefined;
  let indent: number | undefined;
  const given = (kind: LineStart["kind"], length: number, more: Partial<LineStart> = {}): LineStart => ({
    ...line,
    ...more,
    kind,
    quotes,
    indent: indent ?? 0,
    length: at + length,
  });
  while (at < text.length) {
    const blanks = length(BLANKS, text, at);
    indent ??= text.slice(at, at + blanks).replaceAll("\t", "    ").length;
    at += blanks;
    const quote = length(QUOTE, text, at);
    const delimiters = quote === 0 ? length(DELIMITERS, text, at) : 0;
    if (delimiters > 0) return given("delimiters", delimiters);
    const rule = quote === 0 ? length(RULE, text, at) : 0;
    if (rule > 0) return given("rule", rule);
    const underline = open.isParagraph && !item ? length(UNDERLINE, text, at) : 0;
    if (underline > 0) return given("rule", underline);
    FENCE.lastIndex = at;
    const fence = FENCE.exec(text);
    if (fence) return given("fence", fence[0].length, { ticks: fence[1] ?? fence[2] ?? "```" });
    const number = numberAt(text, at, open, item !== undefined);
    const bullet = number ? 0 : length(BULLET, text, at);
    const isEmptyItem =
      bullet > 0 && /^(?:\n|$)/.test(text.slice(at + bullet, at + bullet + 1)) && open.isParagraph;
    if (quote > 0) {
      quotes += 1;
      at += quote;
    } else if (number) {
      item = { number: number.number };
      at += number.length;
    } else if (bullet > 0 && !isEmptyItem) {
      item = {};
      at += bullet;
      const task = length(TASK, text, at);
      at += task;
      if (task > 0) break;
    } else break;
  }
  if (quotes > 0 && !item && (at >= text.length || text[at] === "\n")) return given("blank", 0);
  const heading = length(HEADING, text, at);
  if (heading > 0) return given("heading", heading);
  if (item) return given("item", 0, item);
  const isOption = open.isParagraph && (length(LETTERED, text, at) > 0 || length(EMOJI, text, at) > 0);
  if (isOption) return given("item", 0);
  if (text[at] === "|" || (open.isTable && at < text.length && text[at] !== "\n")) {
    return given("row", text[at] === "|" ? 1 : 0);
  }
  if (!open.isParagraph) {
    const found = definition(at);
    if (found === "wait") return "wait";
    const note = found ? 0 : length(NOTE, text, at);
    if (note > 0) return given("text", note);
    if (found) return given("definition", found.length, { label: found.label });
  }
  return given("text", 0);
}

function numberAt(
  text: string,
  at: number,
  { isParagraph, lastNumber, language }: OpenState,
  isNested: boolean,
): { length: number; number: { value: number; mark: string } } | undefined {
  NUMBER.lastIndex = at;
  const [all, digits, mark = ""] = NUMBER.exec(text) ?? [];
  if (all === undefined) return undefined;
  const value = Number(digits);
  // Prose that was wrapped before a number is no list.
  if (isParagraph && !isNested && value !== 1 && lastNumber === undefined) return undefined;
  const date = Object.hasOwn(DATES, language) && mark === "." ? DATES[language] : undefined;
  if (date && length(date, text, at + all.length) > 0) return undefined;
  return { length: all.length, number: { value, mark } };
}

function length(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
