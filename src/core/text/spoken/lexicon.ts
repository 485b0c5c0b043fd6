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
  readonly #byWord = new Map<string, Phrases>();
  /** The first units of those words, in small letters and in capitals. */
  readonly #firsts = new Set<number>();

  constructor(entries: readonly LexiconEntry[]) {
    this.entries = entries;
    for (const entry of entries) {
      const written = folded(entry.written).text;
      const first = written.slice(0, wordLength(written, 0)).toLowerCase();
      if (first === "") continue;
      const known = this.#byWord.get(first) ?? new Phrases();
      this.#byWord.set(first, known);
      known.add(written, entry);
      for (const form of [first, first.toUpperCase()]) {
        // A composed letter here may be decomposed in the text.
        this.#firsts.add(form.charCodeAt(0)).add(form.normalize("NFD").charCodeAt(0));
      }
    }
  }

  /** Where its words stand in a text. */
  piecesIn(text: string, scope: LexiconScope): SpokenPiece[] {
    const pieces: SpokenPiece[] = [];
    if (this.#byWord.size === 0) return pieces;
    for (let at = 0; at < text.length; at++) {
      const length = wordLength(text, at);
      if (length === 0) continue;
      const piece = this.#firsts.has(text.charCodeAt(at))
        ? this.#pieceAt(text, at, length, scope)
        : undefined;
      if (piece) pieces.push(piece);
      at = Math.max(at + length, piece?.to ?? 0) - 1;
    }
    return pieces;
  }

  #pieceAt(text: string, at: number, length: number, scope: LexiconScope): SpokenPiece | undefined {
    const first = text
      .slice(at, at + length)
      .normalize("NFC")
      .toLowerCase();
    const found = this.#byWord.get(first)?.find(text, at, scope);
    if (!found) return undefined;
    const { entry, to } = found;
    const ipa = scope.takesIpa ? entry.ipa : undefined;
    return { from: at, to, said: entry.say ?? text.slice(at, to), ...(ipa === undefined ? {} : { ipa }) };
  }
}

/** What begins with one word. */
class Phrases {
  /** By how they are written, in small letters. */
  readonly #byText = new Map<string, LexiconEntry[]>();
  /** Their lengths, the longest first. */
  #lengths: readonly number[] = [];

  add(written: string, entry: LexiconEntry): void {
    const key = written.toLowerCase();
    const alike = [...(this.#byText.get(key) ?? []), entry];
    this.#byText.set(
      key,
      alike.sort((one, other) => rank(other) - rank(one)),
    );
    if (!this.#lengths.includes(key.length))
      this.#lengths = [...this.#lengths, key.length].sort((one, other) => other - one);
  }

  /** The one that stands at a place of a text, and where it ends there. */
  find(text: string, at: number, scope: LexiconScope): { entry: LexiconEntry; to: number } | undefined {
    const longest = this.#lengths[0] ?? 0;
    const { text: here, ends } = folded(text.slice(at, at + 2 * longest + 1), longest);
    const small = here.toLowerCase();
    for (const length of this.#lengths) {
      const known = length > here.length ? undefined : this.#byText.get(small.slice(0, length));
      if (!known) continue;
      const to = at + (ends?.[length - 1] ?? length);
      if (!isEnd(text, at, at - 1) || !isEnd(text, to - 1, to)) continue;
      const written = here.slice(0, length);
      const entry = known.find((each) => isMeant(each, written) && applies(each, scope));
      if (entry) return { entry, to };
    }
    return undefined;
  }
}

/**
 * As it is looked up: composed, with straight apostrophes and single spaces.
 * @returns `ends`: where each of its units ends in what was given; undefined where nothing is otherwise
 */
function folded(written: string, most = Number.POSITIVE_INFINITY): { text: string; ends?: number[] } {
  if (!/[^\x20-\x7e]| {2}/.test(written)) return { text: written };
  const ends: number[] = [];
  let text = "";
  for (const { 0: found, index } of written.matchAll(/\s+|['’ʼ]|\P{M}\p{M}*|\p{M}/gu)) {
    if (text.length >= most) break;
    const said = /^\s/.test(found) ? " " : /^['’ʼ]/.test(found) ? "'" : found.normalize("NFC");
    text += said;
    for (let unit = 0; unit < said.length; unit++) ends.push(index + found.length);
  }
  return { text, ends };
}

/** In small letters it is any; with a capital only as it stands. */
function isMeant({ written }: LexiconEntry, here: string): boolean {
  return written === written.toLowerCase() || folded(written).text === here;
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

function rank({ speaker, language }: LexiconEntry): number {
  return (speaker === undefined ? 0 : 2) + (language === undefined ? 0 : 1);
}

/** Whether a word ends between a character and its neighbour. */
function isEnd(text: string, inside: number, outside: number): boolean {
  const [own, next] = [text.charAt(inside), text.charAt(outside)];
  return IS_IDEOGRAPH.test(own) || !IN_WORD.test(next);
}

function applies({ say, language, speaker }: LexiconEntry, scope: LexiconScope): boolean {
  // Words that have only a phonetic spelling are left to the rules.
  if (say === undefined && !scope.takesIpa) return false;
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
