/** A sentence longer than this is cut at a clause, so that speech starts early and work stays bounded. */
export const MAX_SENTENCE_CHARS = 200;

/** Characters that a sentence may be waited for beyond that, for the letter that proves its end. */
const LOOK_AHEAD = 8;

/** Text as callers have it: whole, or still being written. */
export type TextSource = string | ReadableStream<string> | AsyncIterable<string>;

// Intl.Segmenter ends a sentence after these; a name or a number usually follows.
const ABBREVIATION =
  /(?:^|[\s("'“‘])(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Sir|Capt|Col|Gen|Lt|Sgt|Rev|Hon|Mt|Ft|No|Nr|Vol|vs|etc|e\.g|i\.e|approx|ca|cf|Sig|Sig\.ra|Dott|Ing|Avv|\p{Lu})\.$/u;

// And after these, although the sentence goes on: “Run!” she said.
const QUOTED_CRY = /[!?…]["”’'»]\s*$/u;
const SMALL_LETTER = /^\s*\p{Ll}/u;

// And within these, whose brackets it takes for closing ones: Run![/shout]
const OPENED_BRACKET = /[.!?…][([{]$/u;

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string): Intl.Segmenter {
  const known = segmenters.get(language);
  if (known) return known;
  let made: Intl.Segmenter;
  try {
    made = new Intl.Segmenter(language, { granularity: "sentence" });
  } catch {
    made = new Intl.Segmenter("en", { granularity: "sentence" });
  }
  // A table speaks a handful of languages; a hostile one does not get to fill the map.
  if (segmenters.size < 64) segmenters.set(language, made);
  return made;
}

/** White space folded to single spaces, ends trimmed. */
export function foldSpace(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

/** Whether there is anything to say: punctuation alone is shown, not spoken. */
export function isSpeakable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/**
 * Where the first sentence of a text ends, white space folded; undefined where that is not certain yet. What
 * follows is never read further than to a letter: whatever the text goes on with, the answer stays.
 * @param isWhole nothing follows
 */
function sentenceEnd(text: string, language: string, isWhole: boolean): number | undefined {
  const lastLetter = isWhole ? text.length : text.search(/\p{L}\P{L}*$/u);
  // The segmenter ends a sentence at every line break; text that was wrapped by hand has them anywhere.
  for (const { segment, index } of segmenter(language).segment(text.replaceAll("\n", " "))) {
    const end = index + segment.length;
    if (end > lastLetter) return undefined;
    if (ABBREVIATION.test(text.slice(0, end).trimEnd())) continue;
    if (OPENED_BRACKET.test(segment)) continue;
    if (QUOTED_CRY.test(segment) && SMALL_LETTER.test(text.slice(end))) continue;
    return end;
  }
  return isWhole ? text.length : undefined;
}

/** A text in pieces of at most `limit` characters, which are the text when joined. */
export function piecesOf(text: string, limit: number): string[] {
  const out: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const at = cutPoint(rest, limit);
    out.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...out, rest];
}

/** Where to cut an over-long sentence: the last clause end, else the last space, else the limit. */
function cutPoint(text: string, limit: number): number {
  const head = text.slice(0, limit);
  const clause = Math.max(
    ...[", ", "; ", ": ", "— ", "– ", "、", "，"].map((mark) => head.lastIndexOf(mark)),
  );
  if (clause > limit / 3) return clause + 1;
  const space = head.lastIndexOf(" ");
  if (space > 0) return space;
  const last = head.charCodeAt(limit - 1);
  return last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit;
}

/** A sentence in pieces that are not too long. */
function pieces(sentence: string): string[] {
  const out: string[] = [];
  let rest = foldSpace(sentence);
  while (rest.length > MAX_SENTENCE_CHARS) {
    const at = cutPoint(rest, MAX_SENTENCE_CHARS);
    out.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  if (rest) out.push(rest);
  return out;
}

/** White space folded to what it means: a paragraph's end, a line's end, a space. */
function foldBreaks(text: string): string {
  return text.replace(/\s+/gu, (gap) => {
    const [, first, second] = gap.split("\n");
    if (second !== undefined) return "\n\n";
    return first === undefined ? " " : "\n";
  });
}

/**
 * Cuts text that arrives in deltas into sentences; which ones does not depend on where the deltas were cut. A
 * sentence is given out once the beginning of the next one proves that it has ended; memory is bounded by the
 * length of a sentence.
 */
export class SentenceSplitter {
  readonly #language: string;
  #open = "";

  /** @param language BCP 47; an unknown one is split like English */
  constructor(language = "en") {
    this.#language = language;
  }

  /** Takes the next delta; returns the sentences it completed. */
  push(delta: string): string[] {
    this.#open = foldBreaks(this.#open + delta);
    return this.#take(false);
  }

  /** The text has ended: what is left. */
  flush(): string[] {
    return this.#take(true);
  }

  #take(isOver: boolean): string[] {
    const sentences: string[] = [];
    let open = this.#open;
    for (let at = this.#end(open, isOver); at !== undefined; at = this.#end(open, isOver)) {
      sentences.push(...pieces(open.slice(0, at)));
      open = open.slice(at);
    }
    this.#open = open;
    return sentences;
  }

  /** How much of the text can be given out. */
  #end(text: string, isOver: boolean): number | undefined {
    if (text === "") return undefined;
    const head = text.slice(0, MAX_SENTENCE_CHARS + LOOK_AHEAD);
    const paragraph = head.indexOf("\n\n");
    if (paragraph === 0) return 2;
    const isWhole = paragraph > 0 || (isOver && head.length === text.length);
    const end = sentenceEnd(paragraph > 0 ? head.slice(0, paragraph) : head, this.#language, isWhole);
    if (end !== undefined || head.length === text.length) return end;
    return cutPoint(head, MAX_SENTENCE_CHARS);
  }
}

/**
 * The sentences of a whole text. Joined by single spaces they are the text with its white space folded,
 * except where sentences touch (CJK) or a run without spaces had to be cut.
 */
export function splitSentences(text: string, language?: string): string[] {
  const splitter = new SentenceSplitter(language);
  return [...splitter.push(text), ...splitter.flush()];
}
