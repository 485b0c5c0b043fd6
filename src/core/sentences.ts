/** A sentence longer than this is cut at a clause, so that speech starts early and work stays bounded. */
export const MAX_SENTENCE_CHARS = 200;

/** Text as callers have it: whole, or still being written. */
export type TextSource = string | ReadableStream<string> | AsyncIterable<string>;

// Intl.Segmenter ends a sentence after these; a name or a number usually follows.
const ABBREVIATION =
  /(?:^|[\s("'“‘])(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Sir|Capt|Col|Gen|Lt|Sgt|Rev|Hon|Mt|Ft|No|Nr|Vol|vs|etc|e\.g|i\.e|approx|ca|cf|Sig|Sig\.ra|Dott|Ing|Avv|\p{Lu})\.$/u;

// And after these, although the sentence goes on: “Run!” she said.
const QUOTED_CRY = /[!?…]["”’'»]\s*$/u;
const SMALL_LETTER = /^\s*\p{Ll}/u;

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

/** Sentences of one paragraph, with its own white space; abbreviations do not end one. */
function segmentParagraph(paragraph: string, language: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  // The segmenter ends a sentence at every line break; text that was wrapped by hand has them anywhere.
  for (const { segment, index } of segmenter(language).segment(paragraph.replace(/\s/gu, " "))) {
    const end = index + segment.length;
    if (ABBREVIATION.test(paragraph.slice(start, end).trimEnd())) continue;
    if (QUOTED_CRY.test(segment) && SMALL_LETTER.test(paragraph.slice(end))) continue;
    sentences.push(paragraph.slice(start, end));
    start = end;
  }
  if (start < paragraph.length) sentences.push(paragraph.slice(start));
  return sentences;
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

/**
 * Cuts text that arrives in deltas into sentences. A sentence is given out once the beginning of the next
 * one proves that it has ended; memory is bounded by the length of a sentence.
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
    const paragraphs = (this.#open + delta).split(/\n\s*\n/u);
    const last = paragraphs.pop() ?? "";
    const complete = paragraphs.flatMap((paragraph) => segmentParagraph(paragraph, this.#language));
    const segments = segmentParagraph(last, this.#language);
    this.#open = segments.pop() ?? "";
    complete.push(...segments);
    if (this.#open.length > MAX_SENTENCE_CHARS) {
      const at = cutPoint(this.#open, MAX_SENTENCE_CHARS);
      complete.push(this.#open.slice(0, at));
      this.#open = this.#open.slice(at);
    }
    return complete.flatMap(pieces);
  }

  /** The text has ended: what is left. */
  flush(): string[] {
    const rest = pieces(this.#open);
    this.#open = "";
    return rest;
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
