import type { WordTime } from "../dsp/audio.ts";
import { TAG_NAMES } from "./markup-token.ts";
import { type Piece, saidOf, wordsInWritten } from "./piece.ts";

/** What is said of a sentence that is shown. */
export interface Speakable {
  /** Without markdown and stage directions; empty where nothing is to be said. */
  text: string;
  /** The same, piece by piece, with its places in the sentence as it is shown. */
  pieces: readonly Piece[];
  /** The times of its words, placed in the sentence as it is shown. */
  inCaption(words: readonly WordTime[]): WordTime[];
}

/** Whether stage directions are for the eye, or said like all that is written. */
export type StageDirections = "shown" | "said";

/** Marks of blocks, before what a sentence says. */
const BEGINS = String.raw`^(?:[\s>#+•|-]|\*\s|\d{1,3}[.)]+\s)*`;
/** In brackets where a sentence begins or has ended, and no small letter goes on: `(whispering) Come closer.`, not `(2) Flee` */
const BRACKETED = new RegExp(
  String.raw`(?<=${BEGINS}|[.!?…"”]\s*)[*_]{0,2}(?!\((?:\d{1,2}|\p{L})\))[([][^()[\]]*[)\]][*_]{0,2}(?=[*_]{0,2}\s*(?:$|[\p{Lu}\p{N}"“'‘*¿¡]))`,
  "gu",
);
/** In asterisks, beginning small: `*sighs* I told you.` Emphasis goes on in small letters or begins with a capital. */
const ASTERISKED = new RegExp(
  String.raw`(?<=${BEGINS}|[.!?…"”]\s+)\*(?=\p{Ll})[^*]+\*(?=\s*(?:$|[\p{Lu}"“'‘¿¡]))`,
  "gu",
);

/**
 * What was meant as markup, but is none that is known, is said, so that nobody misses it: `[/shout]`,
 * `[pause 5min]`, and one word that touches what follows, `[shout]Run!`
 */
const TAG_LIKE = new RegExp(`^\\[(?:/|(?:${TAG_NAMES.join("|")}) +[^\\s\\]]+\\]|[^\\s\\]]+\\]\\S)`, "iu");

type Range = readonly [from: number, to: number];

/**
 * What is to be said of a sentence, of which `pieces` are said but for stage directions.
 * @param label characters at its beginning that name its speaker
 */
export function spokenOf(
  shown: string,
  pieces: readonly Piece[],
  stageDirections: StageDirections = "shown",
  label = 0,
): Speakable {
  const behindLabel = label === 0 ? shown : `${" ".repeat(label)}${shown.slice(label)}`;
  const directions = stageDirections === "said" ? [] : directionsIn(behindLabel);
  const said = directions.length === 0 ? pieces : without(directions, shown, pieces);
  return speakableOf(shown, isSpeakable(saidOf(said)) ? said : []);
}

/** What is said of a text, piece by piece. */
export function speakableOf(shown: string, pieces: readonly Piece[]): Speakable {
  return { text: saidOf(pieces), pieces, inCaption: (words) => wordsInWritten(shown, pieces, words) };
}

/** Whether there is anything to say: punctuation alone is shown, not spoken. */
export function isSpeakable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function directionsIn(shown: string): Range[] {
  if (!/[([*]/.test(shown)) return [];
  const ranges: Range[] = [];
  for (const pattern of [BRACKETED, ASTERISKED]) {
    for (const { 0: found, index } of shown.matchAll(pattern)) {
      const isTag = pattern === BRACKETED && TAG_LIKE.test(shown.slice(index));
      if (!isTag) ranges.push([index, index + found.length]);
    }
  }
  return ranges;
}

/** The pieces outside of `ranges`, without the gaps that these leave, which an engine would take for a pause. */
function without(ranges: readonly Range[], shown: string, pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = [];
  let isAtSpace = true;
  const add = ({ from, to, said }: Piece): void => {
    const skips = isAtSpace && said.startsWith(" ") ? 1 : 0;
    const isSame = said === shown.slice(from, to);
    const rest = said.slice(skips);
    if (rest === "") return;
    out.push({ from: isSame ? from + skips : from, to, said: rest });
    isAtSpace = rest.endsWith(" ");
  };
  for (const piece of pieces) for (const part of outside(piece, ranges, shown)) add(part);
  const last = out.at(-1);
  if (last?.said.endsWith(" ")) {
    const said = last.said.trimEnd();
    const isSame = last.said === shown.slice(last.from, last.to);
    out.pop();
    if (said !== "") out.push({ ...last, said, to: isSame ? last.from + said.length : last.to });
  }
  return out;
}

function outside(piece: Piece, ranges: readonly Range[], shown: string): Piece[] {
  const within = ranges.filter(([from, to]) => from < Math.max(piece.to, piece.from + 1) && piece.from < to);
  if (within.length === 0) return [piece];
  if (piece.said !== shown.slice(piece.from, piece.to)) return [];
  const parts: Piece[] = [];
  let at = piece.from;
  for (const [from, to] of [...within, [piece.to, piece.to] as const].sort(([a], [b]) => a - b)) {
    if (from > at) parts.push({ from: at, to: from, said: shown.slice(at, from) });
    at = Math.max(at, to);
  }
  return parts;
}
