import { type Abbreviations, ORDINAL_LANGUAGES } from "./abbreviations.ts";
import type { Following } from "./following.ts";

const WORD = /[\p{L}\p{M}\p{N}.]+$/u;
/** The word before, over one space. */
const PREVIOUS = /([\p{L}\p{M}\p{N}’'.-]+)\s$/u;
const INITIAL = /^(?:\p{L}\.)*[\p{Lu}\p{Lo}]$/u;
/** `e.g`, `Ph.D`, `U.S.A`, `z.B`; no address. */
const DOTTED = /^(?:\p{L}{1,3}\.)+\p{L}{1,3}$/u;
const ROMAN = /^[IVXLC]+$/;
const STREETS = new Set(["St", "Dr", "Ave", "Rd", "Ln", "Blvd", "Pl", "Sq"]);
const ZONES = new Set(
  "EST EDT CST CDT MST MDT PST PDT GMT UTC CET CEST BST Eastern Pacific Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(
    " ",
  ),
);
/** Words of two letters that are no abbreviation. */
const SHORT = new Set("it me us up on so go do he we is am be by my to of at or as if an hi oh".split(" "));
/** Nothing but a time so far: `At 5 a.m. Mr. Fenn left.` */
const ONLY_TIME =
  /^\P{L}*(?:At|By|Around|About|Until|Before|After|Since|From|In|В|До|После|С|К|Um|Ab|À|Às|Alle)\s[\d:.\s]+$/u;

/** Judges full stops by the word before them. */
export class WordJudge {
  readonly #language: string;
  readonly #abbreviations: Abbreviations;
  readonly #starters: ReadonlySet<string>;

  constructor(language: string, abbreviations: Abbreviations, starters: ReadonlySet<string>) {
    this.#language = language;
    this.#abbreviations = abbreviations;
    this.#starters = starters;
  }

  /** @param said of the sentence, up to the full stop */
  judge(said: string, following: Following): "ends" | "goes on" {
    const tail = said.slice(-40);
    const word = WORD.exec(tail)?.[0] ?? "";
    const before = tail.slice(0, tail.length - word.length);
    const previous = PREVIOUS.exec(before)?.[1] ?? "";
    const ends = (does: boolean): "ends" | "goes on" => (does ? "ends" : "goes on");
    const starts = this.#starts(following);
    // Digits have a mark of their own here: № 5, N°. 5
    if (word === "") return ends(!/[°№#]$/u.test(before) || !following.isDigit);
    const { titles, numbered, doubtful, units } = this.#abbreviations;
    if (/[\d½¼¾⅓]\s?$/u.test(before) && (units.has(word) || units.has(word.toLowerCase()))) {
      if (following.isDigit || ZONES.has(following.word)) return "goes on";
      return ends(!ONLY_TIME.test(said.slice(0, said.length - word.length)) || starts);
    }
    if (STREETS.has(word) && /^(?:\p{Lu}|\d+(?:st|nd|rd|th))/u.test(previous) && !isFirst(before, previous))
      return ends(starts);
    if (this.#language === "de" && /\p{Ll}str$/u.test(word) && following.isDigit) return "goes on";
    if (numbered.has(word) && (following.isDigit || (ROMAN.test(following.word) && following.word !== "I")))
      return "goes on";
    const isFirstTitle =
      this.#language !== "en" && before.trim() === "" && word.length > 1 && titles.has(word.toLowerCase());
    if (isFirstTitle || titles.has(word) || titles.has(titleCase(word)) || this.#isLowerTitle(word)) {
      return ends(
        starts && /^(?:the|a|an|our|my|your|his|her|this|that)$/iu.test(previous) && word.length > 1,
      );
    }
    if (numbered.has(word) && word.length > 1 && !doubtful.has(word)) return "ends";
    const isCounted = numbered.has(previous.replace(/\.$/, "")) && previous.endsWith(".");
    if (ORDINAL_LANGUAGES.has(this.#language) && this.#isOrdinal(word) && !isCounted) {
      if (following.isDigit) return "goes on";
      return ends(this.#language === "de" ? starts : following.isUpper);
    }
    if (word.startsWith("etc") || word === "usw" || word === "ecc" || word === "osv")
      return ends(this.#language !== "de" || starts);
    // What ends a list of abbreviations ends the sentence as well: и т. д. Он
    if (this.#language === "ru" && doubtful.has(word) && /\p{Ll}\.\s?$/u.test(before))
      return ends(following.isUpper);
    const isInitial = (INITIAL.test(word) || DOTTED.test(word)) && !/(?:[\p{L}\p{N}&+]|[^.]-)$/u.test(before);
    // Nothing but its number so far: `1. Fight`
    if (/^\d{1,2}$/.test(word) && /^\P{L}*$/u.test(said.slice(0, said.length - word.length)))
      return "goes on";
    // Ca. 5 Std.
    if (following.isDigit && before.trim() === "" && doubtful.has(word.toLowerCase())) return "goes on";
    if (!isInitial) return ends(!doubtful.has(word) || starts);
    if (following.isDigit)
      return ends(word.length === 1 && /^\p{Lu}/u.test(word) && !(this.#language === "de" && word === "S"));
    // I, and what has a letter for a name: between you and I. Plan B.
    if (word === "I" && /^\p{Ll}/u.test(previous)) return "ends";
    return ends(starts);
  }

  /** Whether the full stop stands behind a word that is written out, so that nothing has to be waited for. */
  isOrdinary(said: string): boolean {
    const tail = said.slice(-40);
    // Only the last word is searched, which is much quicker.
    const word = /[\p{L}\p{N}\p{M}./:’'-]+$/u.exec(tail.slice(tail.lastIndexOf(" ") + 1))?.[0] ?? "";
    if (SHORT.has(word)) return true;
    const isWord =
      /^(?:\p{Lu}\p{L}{4,}|\p{Lu}\p{Ll}{2}[aeiouy]|\p{Ll}{3,}|[\p{Lo}\p{M}]{3,}|\p{L}+[’'-]\p{L}+)$/u.test(
        word,
      ) && /[aeiouyà-ÿ\u0400-\u1fff\p{Lo}]/iu.test(word);
    if (!isWord) return false;
    // L’Ing. Galli
    const last = word.replace(/^.*[’'-]/u, "");
    return ![word, last, titleCase(word)].some((each) => this.isAbbreviation(each));
  }

  isAbbreviation(word: string): boolean {
    return this.#abbreviations.all.has(word) || this.#isLowerTitle(word);
  }

  /** Whether the word that follows begins a sentence, and is no name or initial. */
  #starts({ word, after, lead, isUpper }: Following): boolean {
    if (!isUpper) return false;
    if (/[¿¡]/u.test(lead)) return true;
    return this.#starters.has(word) && !(word.length === 1 && after === ".");
  }

  /** `il prof. Neri`: English writes titles with capitals, others need not. */
  #isLowerTitle(word: string): boolean {
    const isWord =
      this.#language === "en" || word.length < 3 || word === "col" || word === "rep" || word === "det";
    return !isWord && this.#abbreviations.titles.has(word.charAt(0).toUpperCase() + word.slice(1));
  }

  /** `3`, `XIV` where numbers end in a full stop. */
  #isOrdinal(word: string): boolean {
    return (
      /^\d{1,2}$/.test(word) ||
      /^\d{1,2}\.\d{1,2}$/.test(word) ||
      (this.#language === "de" && ROMAN.test(word))
    );
  }
}

function titleCase(word: string): string {
  return word.length > 1 && word === word.toUpperCase() ? word.charAt(0) + word.slice(1).toLowerCase() : word;
}

/** Whether the word before is the first of the sentence: `Ask St. Cuthbert`. */
function isFirst(before: string, previous: string): boolean {
  return before.trim().length <= previous.length;
}
