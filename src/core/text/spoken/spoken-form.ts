/**
 * What is said of what is written: the campaign's own words, numbers and signs, the table's language, and names that an engine
 * would spell. `english/` and `languages/` have the rules, `respelling/` what engines cannot pronounce, `lexicon.ts` the
 * campaign's words, `scripts.ts` where another language begins.
 * @module
 */
import { englishRules } from "./english/english.ts";
import { rulesOf } from "./languages/languages.ts";
import { letterNames } from "./letter-names.ts";
import { Lexicon } from "./lexicon.ts";
import { plainLetters } from "./plain-letters.ts";
import { readablePieces } from "./respelling/readable.ts";
import type { Speller } from "./respelling/respell.ts";
import { type RuleSet, rewritten } from "./rule.ts";
import { isLatin } from "./scripts.ts";
import type { SpokenPiece } from "./spoken-piece.ts";
import { PLAIN_SETTINGS, type SpokenSettings } from "./spoken-settings.ts";

/** Who says a text, and with what. */
export interface SpokenOptions {
  /** BCP 47 */
  language: string;
  /** An NPC's name, `dm` or `combat`. */
  speaker?: string | undefined;
  /** An engine that spells what it cannot pronounce. */
  speller?: Speller | undefined;
  /** The engine takes phonetic letters. */
  takesIpa?: boolean | undefined;
}

/** Says what is written, by the settings of one campaign. */
export class SpokenForm {
  readonly settings: SpokenSettings;
  readonly #lexicon: Lexicon;
  readonly #shortForms: Lexicon;
  /** By language. */
  readonly #rules = new Map<string, RuleSet | undefined>();

  constructor(settings: SpokenSettings = PLAIN_SETTINGS) {
    this.settings = settings;
    this.#lexicon = new Lexicon(settings.lexicon);
    const words = settings.tableTalk ? Object.entries(settings.shortForms) : [];
    this.#shortForms = new Lexicon(words.map(([written, say]) => ({ written, say })));
  }

  /** The text in pieces, from its first character to its last. @throws nothing, whatever the text */
  pieces(text: string, options: SpokenOptions): SpokenPiece[] {
    const tongue = options.language.split("-", 1)[0]?.toLowerCase() ?? "";
    const taken = this.#lexicon.piecesIn(text, options);
    const isFree = freeOf(taken);
    const short = this.#shortForms.piecesIn(text, options).filter(({ from, to }) => isFree(from, to));
    const own = merged(taken, short);
    const rules = this.#rulesOf(tongue);
    const ruled = rules ? rewritten(text, rules, freeOf(own)) : [];
    const rewrittenPieces = merged(own, ruled);
    const letters = isPlain(text) || !isLatin(tongue) ? [] : lettersIn(text, rewrittenPieces);
    const all = merged(rewrittenPieces, letters);
    const speller = tongue === "en" ? options.speller : undefined;
    return tiled(text, all, speller);
  }

  #rulesOf(tongue: string): RuleSet | undefined {
    if (!this.#rules.has(tongue)) {
      const { tableTalk, units } = this.settings;
      // A table speaks a handful of languages.
      const rules =
        tongue === "en" ? englishRules({ isOn: tableTalk, units: tableTalk ? units : {} }) : rulesOf(tongue);
      if (!rules) return undefined;
      this.#rules.set(tongue, rules);
    }
    return this.#rules.get(tongue);
  }
}

/** The text as it is said, in pieces. */
export function spokenForm(
  text: string,
  options: SpokenOptions & { settings?: SpokenSettings },
): SpokenPiece[] {
  return new SpokenForm(options.settings).pieces(text, options);
}

/** What is said for a text, put together. */
export function saidOf(pieces: readonly SpokenPiece[]): string {
  return pieces.map(({ said }) => said).join("");
}

/** Letters by their names, and as engines know them, where no other rule has said them. */
function lettersIn(text: string, taken: readonly SpokenPiece[]): SpokenPiece[] {
  const isFree = freeOf(taken);
  const named = letterNames(text).filter(({ from, to }) => isFree(from, to));
  const isLeft = freeOf(merged(taken, named));
  return [
    ...merged(
      named,
      plainLetters(text).filter(({ from, to }) => isLeft(from, to)),
    ),
  ];
}

function isPlain(text: string): boolean {
  return !/[\u0300-\u06ff\u1ab0-\u1dff\u2080-\u214f\u2460-\u24e9\ufb00-\uffff\ud835]/.test(text);
}

/** Whether a stretch touches none of these. @param pieces in order */
function freeOf(pieces: readonly SpokenPiece[]): (from: number, to: number) => boolean {
  if (pieces.length === 0) return () => true;
  let next = 0;
  let asked = 0;
  return (from, to) => {
    if (from < asked) next = 0;
    asked = from;
    while (next < pieces.length && (pieces[next]?.to ?? 0) <= from) next += 1;
    return (pieces[next]?.from ?? Number.POSITIVE_INFINITY) >= to;
  };
}

/** Pieces that do not touch each other, in order. */
function merged(one: readonly SpokenPiece[], other: readonly SpokenPiece[]): readonly SpokenPiece[] {
  if (one.length === 0) return other;
  if (other.length === 0) return one;
  return [...one, ...other].sort((a, b) => a.from - b.from);
}

/** With what lies between the pieces, as it is written or as the engine can read it. */
function tiled(text: string, pieces: readonly SpokenPiece[], speller: Speller | undefined): SpokenPiece[] {
  const out: SpokenPiece[] = [];
  const keep = (from: number, to: number): void => {
    if (from === to) return;
    if (speller) out.push(...readablePieces(text, from, to, speller));
    else out.push({ from, to, said: text.slice(from, to) });
  };
  let done = 0;
  for (const piece of pieces) {
    keep(done, piece.from);
    out.push(piece);
    done = piece.to;
  }
  keep(done, text.length);
  return out;
}
