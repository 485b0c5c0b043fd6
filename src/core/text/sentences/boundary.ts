import { type Abbreviations, abbreviationsOf } from "./abbreviations.ts";
import { followingOf } from "./following.ts";
import { isSpeakerNamed } from "./speaker.ts";
import { startersOf } from "./starters.ts";
import { WordJudge } from "./word-judge.ts";

/** Characters behind a mark that are looked at, at most. */
export const WINDOW = 48;

/** A mark that may end a sentence, and what stands around it. */
export interface Mark {
  /** Of the sentence, up to the mark. */
  said: string;
  /** `.`, `?!`, `…`, `. . .` */
  marks: string;
  /** Quotes and brackets that close behind it. */
  closers: string;
  /** The space behind them, if any. */
  gap: string;
  /** What follows, at most `WINDOW` characters. */
  next: string;
  /** Nothing follows `next` any more, whatever comes. */
  isWhole: boolean;
  /** One of the closers ends what was opened within this sentence. */
  isBracketed: boolean;
}

/** `wait`: what follows decides, and is not there yet. */
export type Verdict = "ends" | "goes on" | "wait";

const WIDE = /[。！？｡．]/u;
const QUOTE = /["'”’»›」』“‘«‹]/u;
const CASELESS = /^(?![ºª])\p{Lo}/u;
/** `world.Today is`: the space is missing. */
const TOUCHING = /^\p{Lu}[\p{Ll}’']*[\s,!?]/u;
const ADDRESS_LIKE = /[@/\\_]\S*$/u;

/** Judges marks by the rules of one language. */
export class BoundaryJudge {
  readonly #abbreviations: Abbreviations;
  readonly #starters: ReadonlySet<string>;
  readonly #words: WordJudge;
  readonly #language: string;

  /** @param language of two or three letters */
  constructor(language: string) {
    this.#abbreviations = abbreviationsOf(language);
    this.#starters = startersOf(language);
    this.#words = new WordJudge(language, this.#abbreviations, this.#starters);
    this.#language = language;
  }

  /** Whether a word may stand before a full stop that ends nothing. */
  isAbbreviation(word: string): boolean {
    return this.#words.isAbbreviation(word);
  }

  judge(mark: Mark): Verdict {
    const { said, marks, closers, gap, next, isWhole, isBracketed } = mark;
    // Marks alone are no sentence.
    if (said.length < 8 && !/[\p{L}\p{N}]/u.test(said)) return "goes on";
    const following = followingOf(next, isWhole);
    if (following === "wait") return "wait";
    // Nothing but punctuation: it belongs to this sentence.
    if (following === undefined) return "goes on";
    const isWide = WIDE.test(marks);
    if (marks === "．" && /^\d|^[０-９]/u.test(next)) return "goes on";
    if (gap === "" && !isWide && !CASELESS.test(next)) return this.#touching(mark);
    if (isBracketed && !following.isUpper) return "goes on";
    const isQuoted = QUOTE.test(closers);
    if (/^[,;:，；：、)\]]/u.test(next)) return "goes on";
    const isFull = /[!?]$/.test(marks) || (marks === "." && this.#words.isOrdinary(said));
    if (following.isLower && !(/[¿¡]/u.test(following.lead) && isFull)) {
      // A stage direction: “Run! (softly) Now.”
      if (closers === "" && gap !== "" && /^[([]/.test(next) && isFull) return "ends";
      // Texts without capitals have sentences, too.
      const isChat = closers === "" && gap !== "" && /^\P{L}*\p{Ll}/u.test(said) && following.lead === "";
      if (!isChat || !isFull) return "goes on";
    }
    if (isQuoted && CASELESS.test(next) && (isWide || gap === "")) return this.#behindWideQuote(said, next);
    if (/^[.…]/u.test(marks) && marks !== ".")
      return following.isCut ? "wait" : this.#ellipsis(mark, following.word);
    if (marks === "." && closers === "") {
      if (following.isUpper && this.#words.isOrdinary(said)) return "ends";
      return following.isCut ? "wait" : this.#words.judge(said, following);
    }
    if (isQuoted && following.isUpper && following.lead === "" && /[!?—–]/.test(marks))
      return isSpeakerNamed(next, isWhole);
    return "ends";
  }

  /** Whether no rule doubts that it ends the sentence, although nothing follows yet. */
  isSure({ said, marks, closers }: Mark): boolean {
    if (closers !== "" || /…|\.\s?\./u.test(marks)) return false;
    if (openQuotes(said) > 0) return false;
    if (marks === ".") return this.#words.isOrdinary(said);
    // A line of speech that a dash has opened may go on with who speaks.
    return WIDE.test(marks) || !/^\s*[-–—]/u.test(said);
  }

  /** `「走れ！」と言った` goes on; who spoke has been named in `她说：“别动。”他停了下来。` */
  #behindWideQuote(said: string, next: string): Verdict {
    if (this.#language === "ja") return /^\p{Script=Hiragana}/u.test(next) ? "goes on" : "ends";
    return /[：:][“「『]?[^“「『]*$/u.test(said) && /[：:]\s?[“「『]/u.test(said) ? "ends" : "goes on";
  }

  #touching({ said, marks, closers, next, isWhole }: Mark): Verdict {
    // The number of a note, which closes.
    if (!isWhole && /^\[\d{0,3}$/.test(next)) return "wait";
    if (closers !== "" || /…/u.test(marks)) return /…/u.test(marks) ? "goes on" : this.#closed(next);
    const word = /\S+$/u.exec(said.slice(-40))?.[0] ?? "";
    const isProse = /^[\p{P}]*(?:\p{L}?\p{Ll}{2,}|\d[\d,.]*)$/u.test(word) && !ADDRESS_LIKE.test(word);
    if (!isProse || !/^\p{Lu}/u.test(next) || this.#abbreviations.titles.has(word)) return "goes on";
    // Behind its mark an image may begin, whose mark it is: `![`
    if (!isWhole && /^\p{Lu}[\p{Ll}’']*!$/u.test(next)) return "wait";
    if (TOUCHING.test(next)) return "ends";
    const [name = "", after] = /^\p{Lu}[\p{Ll}’']*(.)?/u.exec(next) ?? [];
    if (after === undefined && !isWhole) return "wait";
    if (after !== ".") return "goes on";
    if (next.length <= name.length && !isWhole) return "wait";
    return this.#abbreviations.titles.has(name.slice(0, -1)) ? "ends" : "goes on";
  }

  /** `left.)(So` has no space, and `“Run!”—she` no end. */
  #closed(next: string): Verdict {
    return /^[([“«„]/u.test(next) ? "ends" : "goes on";
  }

  /** A stammer goes on, `I… I`, and so does what leaves out a part within a sentence, `know . . . it`. */
  #ellipsis({ said, marks, closers, gap }: Mark, then: string): Verdict {
    // Where nothing is written between sentences, it is a pause within one.
    if ((this.#language === "zh" || this.#language === "ja") && gap === "" && closers === "")
      return "goes on";
    if (/[([]\s?$/u.test(said)) return "goes on";
    if (/^\. \. \.$/.test(marks) && /\s$/u.test(said)) return "goes on";
    const before = /[\p{L}’']+$/u.exec(said.slice(-24).trimEnd())?.[0].toLowerCase() ?? "";
    const after = then.toLowerCase();
    const isHesitation =
      said.length < 14 && /^\P{L}*\p{L}+$/u.test(said.trimEnd()) && /^i(?:$|[’'])/.test(after);
    if (isHesitation && closers === "") return "goes on";
    const isStammer = before !== "" && (before === after || (before.length <= 3 && after.startsWith(before)));
    return isStammer && closers === "" ? "goes on" : "ends";
  }
}

function openQuotes(said: string): number {
  const opened = said.match(/[“„«「『]/gu)?.length ?? 0;
  return opened === 0 ? 0 : opened - (said.match(/[”»」』]|“(?!\p{L})/gu)?.length ?? 0);
}
