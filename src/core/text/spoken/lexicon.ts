import type { SpokenPiece } from "./spoken-piece.ts";

/** How a word or a phrase is said. */
export interface LexiconEntry {
  /** As it is written. In small letters it is found in any; with a capital only as it stands. */
  written: string;
  /** Written so that an engine reads it as it is meant. */
  say?: string;
  /** The same in the International Phonetic Alphabet, for engines that take it; others get `say`, or the word itself. */
  ipa?: string;
  /** BCP 47; by default in every language, and in all that begin with it: `en` is `en-gb`, too. */
  language?: string;
  /** Only in this speaker's lines: an NPC's name, `dm` or `combat`. */
  speaker?: string;
}

/** For whom a text is said. */
export interface LexiconScope {
  /** BCP 47 */
  language: string;
  /** Whose line it is. */
  speaker?: string | undefined;
  /** The engine takes phonetic letters. */
  takesIpa?: boolean | undefined;
}

const IDEOGRAPH = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}";
/** Of ASCII, letters and digits. */
const ASCII_WORD: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9]/.test(String.fromCharCode(code)) ? 1 : 0,
);
const IS_IDEOGRAPH = new RegExp(`[${IDEOGRAPH}]`, "u");
const IN_WORD = /[\p{L}\p{M}\p{N}]/u;

/** The words of a campaign that no engine can know. Where several fit, the longest counts; then a speaker's own, then a language's. */
export class Lexicon {
  readonly entries: readonly LexiconEntry[];
  /** By their first word, in small letters. */
  readonly #byWord = new Map<string, LexiconEntry[]>();
  /** The first units of those words, in small letters and in capitals. */
  readonly #firsts = new Set<number>();

  constructor(entries: readonly LexiconEntry[]) {
    this.entries = entries;
    for (const entry of entries) {
      const first = firstWord(entry.written);
      if (first === undefined) continue;
      const known = this.#byWord.get(first);
      if (known) known.push(entry);
      else this.#byWord.set(first, [entry]);
      this.#firsts.add(first.charCodeAt(0)).add(first.toUpperCase().charCodeAt(0));
    }
    for (const alike of this.#byWord.values()) alike.sort((one, other) => rank(other) - rank(one));
  }

  /** Where its words stand in a text. */
  piecesIn(text: string, scope: LexiconScope): SpokenPiece[] {
    const pieces: SpokenPiece[] = [];
    if (this.#byWord.size === 0) return pieces;
    for (let at = 0; at < text.length; at++) {
      const length = wordLength(text, at);
      if (length === 0) continue;
      const known = this.#isFirst(text, at)
        ? this.#byWord.get(text.slice(at, at + length).toLowerCase())
        : undefined;
      const found = known?.find((entry) => stands(entry, text, at) && applies(entry, scope));
      if (found) pieces.push(pieceOf(found, text, at, scope));
      at += Math.max(length, found?.written.length ?? 0) - 1;
    }
    return pieces;
  }

  #isFirst(text: string, at: number): boolean {
    return this.#firsts.has(text.charCodeAt(at));
  }
}

function pieceOf(entry: LexiconEntry, text: string, from: number, { takesIpa }: LexiconScope): SpokenPiece {
  const to = from + entry.written.length;
  const ipa = takesIpa ? entry.ipa : undefined;
  return { from, to, said: entry.say ?? text.slice(from, to), ...(ipa === undefined ? {} : { ipa }) };
}

function firstWord(written: string): string | undefined {
  const length = wordLength(written, 0);
  return length === 0 ? undefined : written.slice(0, length).toLowerCase();
}

/** Units of the word that begins here: letters and digits, or one ideograph, which stand without spaces; 0 where none does. */
function wordLength(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code < 128) {
      if (ASCII_WORD[code] === 0) break;
      at += 1;
      continue;
    }
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (IS_IDEOGRAPH.test(char)) return at === from ? char.length : at - from;
    if (!IN_WORD.test(char)) break;
    at += char.length;
  }
  return at - from;
}

function rank({ written, speaker, language }: LexiconEntry): number {
  return written.length * 4 + (speaker === undefined ? 0 : 2) + (language === undefined ? 0 : 1);
}

function stands({ written }: LexiconEntry, text: string, at: number): boolean {
  const found = text.slice(at, at + written.length);
  const isAlike = found === written || (written === written.toLowerCase() && found.toLowerCase() === written);
  return isAlike && isEnd(text, at, at - 1) && isEnd(text, at + written.length - 1, at + written.length);
}

/** Whether a word ends between a character and its neighbour. */
function isEnd(text: string, inside: number, outside: number): boolean {
  const [own, next] = [text.charAt(inside), text.charAt(outside)];
  return IS_IDEOGRAPH.test(own) || !IN_WORD.test(next);
}

function applies({ language, speaker }: LexiconEntry, scope: LexiconScope): boolean {
  const isSpoken =
    language === undefined || `${scope.language.toLowerCase()}-`.startsWith(`${language.toLowerCase()}-`);
  return isSpoken && (speaker === undefined || alike(speaker) === alike(scope.speaker ?? ""));
}

/** Names are the same but for case, spaces, hyphens and underscores. */
function alike(name: string): string {
  return name
    .normalize("NFC")
    .toLowerCase()
    .replace(/[\s_\p{Pd}]+/gu, " ")
    .trim();
}
