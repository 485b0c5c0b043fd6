import { isAbbreviatedName } from "./speaker-names.ts";

/** Characters of a line that are looked at for a label. */
const MAX_CHARS = 120;

const BEFORE = String.raw`[ \t]*(?:>[ \t]?){0,4}`;
const ITEM = String.raw`(?:[-+•*][ \t]+)?`;
const MARKS = "[*_]{0,3}";
const LETTER = String.raw`(?:[\p{L}\p{M}\p{N}'’.&-]|_(?=[\p{L}\p{N}]))`;
const GAP = String.raw`[ \u00a0]`;
const NAME = String.raw`[\p{L}\p{N}]${LETTER}*(?:${GAP}${LETTER}+){0,4}`;
/** How it is said: `Mara (whispering): …` */
const ASIDE = String.raw`(?:${GAP}\([^()\n:]{1,40}\))?`;
const COLON = `${GAP}?[:：]`;
const BEGUN_WORD = String.raw`[\p{L}\p{M}\p{N}'’.&*_-]+`;
const COLON_BEGUN = String.raw`(?:${GAP}?(?:[:：]${MARKS}[ \t]*[*_]*)?)?`;

const LABEL = new RegExp(
  String.raw`^${BEFORE}(?<item>${ITEM})${MARKS}(?<name>${NAME})${MARKS}${ASIDE}${MARKS}${COLON}${MARKS}(?:[ \t]+|(?<=：${MARKS}))(?<next>[*_]*[^\s*_]|$)`,
  "u",
);
/** All that any label begins with, and a little more: what is none of these never becomes one. */
const BEGUN = new RegExp(
  String.raw`^[\s>+•*_-]*(?:${BEGUN_WORD}(?:${GAP}${BEGUN_WORD}){0,4}${GAP}?)?(?:\([^()\n:]{0,40}(?:\)${MARKS})?)?${COLON_BEGUN}$`,
  "u",
);
/** What stands behind the text: more; a tag, then more; nothing. */
export type Behind = "more" | "tag" | "nothing";

/** What may be a sentence's last word. */
const STOPPED = /([^\s.]*)\./gu;

/** What names the speaker of the line that it begins. */
export interface SpeakerLabel {
  name: string;
  /** Characters of it, with the white space behind it. */
  length: number;
  /** It stands in a list. */
  isItem: boolean;
  /** What is said begins with it. */
  next: string;
}

/**
 * The label that a line begins with: `Mara: …`, `**Mara:** …`, `> Mara (softly): …`. Something is said behind it on the
 * same line. `wait` where that is not decided yet.
 * @param line its beginning, or more
 * @param language of two or three letters
 */
export function speakerLabelAt(
  line: string,
  language: string,
  behind: Behind,
): SpeakerLabel | "none" | "wait" {
  const head = line.slice(0, MAX_CHARS);
  const found = LABEL.exec(head);
  const { name = "", item = "", next = "" } = found?.groups ?? {};
  if (found && (next !== "" || behind === "tag")) {
    if (!mayBeStopped(name, language)) return "none";
    return {
      name: name.replace(/\s+/gu, " "),
      length: found[0].length - next.length,
      isItem: item !== "",
      next: next.replace(/^[*_]+/, ""),
    };
  }
  if (behind !== "more" || line.length >= MAX_CHARS || !BEGUN.test(head)) return "none";
  return mayBeStopped(head, language) ? "wait" : "none";
}

/** Whether full stops in it belong to a name. */
function mayBeStopped(text: string, language: string): boolean {
  for (const [, word = ""] of text.matchAll(STOPPED))
    if (!isAbbreviatedName(word.replace(/^[^\p{L}]+/u, ""), language)) return false;
  return true;
}
