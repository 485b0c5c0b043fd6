/**
 * Markup in a line's text. `markup.ts` reads it as it arrives, tag by tag; what a tag means is in
 * `bracket-token.ts` and `ssml-token.ts`; `passage-splitter.ts` makes sentences of it, each with its style.
 * @module
 */
import { bracketToken } from "./bracket-token.ts";
import type { MarkupToken } from "./markup-token.ts";
import { layered, PLAIN, type SpeakingStyle } from "./speaking-style.ts";
import { ssmlToken } from "./ssml-token.ts";

/** A stretch of text that is said in one style, silence, or a sound of the place. */
export type Run =
  | { type: "text"; text: string; style: SpeakingStyle }
  | { type: "pause"; ms: number }
  | { type: "sound"; name: string };

/** Styles within styles; a tag deeper down is text. */
const MAX_DEPTH = 16;

/** How to find the end of what may be a tag. */
interface Form {
  closer: string;
  /** The closer, and what no tag has in it. */
  end: RegExp;
  /** Characters of the longest tag. */
  limit: number;
  markOf: (tag: string) => MarkupToken | undefined;
}

const BRACKETS: Form = { closer: "]", end: /[[\]\n]/gu, limit: 80, markOf: bracketToken };
const SSML_TAG: Form = { closer: ">", end: /[<>]/gu, limit: 256, markOf: ssmlToken };
const ENTITY: Form = { closer: ";", end: /[^a-z]/gu, limit: 6, markOf: ssmlToken };

const SSML_BEGINS = /^<speak[\s/>]/u;
const SSML_PREFIX = "<speak>";

/**
 * Reads text that arrives in deltas: what is a known tag takes effect, everything else is text. A tag may be
 * cut anywhere between deltas; one that is never closed lasts to the end of the text. A text that begins
 * with `<speak>` is SSML, with tags in brackets all the same. Memory is bounded by the longest tag.
 */
export class MarkupReader {
  #held = "";
  #isSsml: boolean | undefined;
  #open: { name: string; style: SpeakingStyle }[] = [];
  #style: SpeakingStyle = PLAIN;

  /** Takes the next delta; returns what is certain by now. */
  push(delta: string): Run[] {
    this.#held += delta;
    return this.#read(false);
  }

  /** The text has ended: what is left. */
  flush(): Run[] {
    return this.#read(true);
  }

  /** What is held back because it may be a tag. */
  get held(): string {
    return this.#held;
  }

  #read(isOver: boolean): Run[] {
    if (!this.#knowsForm(isOver)) return this.#space();
    const text = this.#held;
    const openers = this.#isSsml ? /[[<&]/gu : /\[/gu;
    const runs: Run[] = [];
    let from = 0;
    for (let opener = openers.exec(text); opener; opener = openers.exec(text)) {
      const at = opener.index;
      this.#say(text.slice(from, at), runs);
      const form = formOf(opener[0]);
      const length = tagLength(text, at, form);
      if (length === undefined && !isOver) {
        this.#held = text.slice(at);
        return runs;
      }
      const mark = length ? form.markOf(text.slice(at, at + length)) : undefined;
      const isTag = mark !== undefined && this.#take(mark, runs);
      // Text that turned out to be no tag may contain one.
      from = isTag ? at + (length ?? 0) : at;
      openers.lastIndex = isTag ? from : at + 1;
    }
    this.#say(text.slice(from), runs);
    this.#held = "";
    return runs;
  }

  /** White space that the text begins with is text whatever follows. */
  #space(): Run[] {
    const begun = this.#held.trimStart();
    const runs: Run[] = [];
    this.#say(this.#held.slice(0, this.#held.length - begun.length), runs);
    this.#held = begun;
    return runs;
  }

  /** Whether it is decided if this is SSML; white space before it does not count. */
  #knowsForm(isOver: boolean): boolean {
    if (this.#isSsml !== undefined) return true;
    const text = this.#held.trimStart();
    if (!isOver && text.length < SSML_PREFIX.length && SSML_PREFIX.startsWith(text)) return false;
    this.#isSsml = SSML_BEGINS.test(text);
    return true;
  }

  /** False where the mark has no place here, so that the tag is text. */
  #take(mark: MarkupToken, runs: Run[]): boolean {
    if (mark.type === "pause" || mark.type === "sound") runs.push(mark);
    else if (mark.type === "text") this.#say(mark.text, runs);
    else if (mark.type === "open") return this.#begin(mark);
    else return this.#end(mark.name);
    return true;
  }

  #begin({ name, style }: { name: string; style: SpeakingStyle }): boolean {
    if (this.#open.length >= MAX_DEPTH) return false;
    this.#open.push({ name, style });
    this.#style = layered(this.#style, style);
    return true;
  }

  /** Ends the innermost of this name, wherever others stand that are still open. */
  #end(name: string): boolean {
    const index = this.#open.findLastIndex((open) => open.name === name);
    if (index < 0) return false;
    this.#open.splice(index, 1);
    this.#style = this.#open.reduce((under, { style }) => layered(under, style), PLAIN);
    return true;
  }

  #say(text: string, runs: Run[]): void {
    if (text === "") return;
    const last = runs.at(-1);
    if (last?.type === "text" && last.style === this.#style) last.text += text;
    else runs.push({ type: "text", text, style: this.#style });
  }
}

/**
 * A whole text as it is shown: without its tags, and without the spaces that a tag between two spaces
 * leaves. A text that has no tags stays as it is.
 */
export function shownText(text: string): string {
  if (!/[[<]/.test(text)) return text;
  const reader = new MarkupReader();
  const [first, ...others] = [...reader.push(text), ...reader.flush()];
  if (first?.type === "text" && others.length === 0) return first.text;
  let shown = "";
  for (const run of [first, ...others]) {
    if (run?.type !== "text") continue;
    shown += /\s/u.test(shown.at(-1) ?? " ") ? run.text.trimStart() : run.text;
  }
  return shown.trimEnd();
}

function formOf(opener: string): Form {
  if (opener === "[") return BRACKETS;
  return opener === "<" ? SSML_TAG : ENTITY;
}

/** Characters of what may be a tag; 0 where it is none, undefined where more text has to come. */
function tagLength(text: string, at: number, { closer, end, limit }: Form): number | undefined {
  end.lastIndex = at + 1;
  const found = end.exec(text);
  const length = (found?.index ?? text.length) - at + 1;
  if (length > limit) return 0;
  if (!found) return undefined;
  return found[0] === closer ? length : 0;
}
