import type { WordTime } from "../../dsp/audio.ts";
import type { SpokenPiece } from "./spoken-piece.ts";

/** A stretch of what is said that has phonetic letters, which say it better. */
export type IpaStretch = readonly [start: number, length: number, ipa: string];

/** What an engine is given for a text, and the way back from it. */
export interface SpokenText {
  text: string;
  ipa: readonly IpaStretch[];
  /** The times of the words that were said as times of the words that are written; what was said for one stretch is one word. */
  inWritten(words: readonly WordTime[]): WordTime[];
}

/** Puts pieces, which cover a text from its beginning to its end, together. */
export function spokenText(written: string, pieces: readonly SpokenPiece[]): SpokenText {
  const places: Place[] = [];
  const ipa: IpaStretch[] = [];
  let text = "";
  for (const piece of pieces) {
    const isSame = piece.ipa === undefined && piece.said === written.slice(piece.from, piece.to);
    places.push({ start: text.length, piece, isSame });
    if (piece.ipa !== undefined) ipa.push([text.length, piece.said.length, piece.ipa]);
    text += piece.said;
  }
  return { text, ipa, inWritten: (words) => inWritten(places, words) };
}

interface Place {
  /** Where it begins in what is said. */
  start: number;
  piece: SpokenPiece;
  isSame: boolean;
}

function inWritten(places: readonly Place[], words: readonly WordTime[]): WordTime[] {
  const times: [start: number, length: number, startMs: number, endMs: number][] = [];
  /** The rewritten stretch in which the last word ended. */
  let shared: Place | undefined;
  for (const [start, length, startMs, endMs] of words) {
    const first = placeAt(places, start);
    const final = length > 0 ? placeAt(places, start + length - 1) : first;
    const [from] = writtenAt(first, start);
    const to = length > 0 ? writtenAt(final, start + length - 1)[1] : from;
    const last = times.at(-1);
    // Several words were said for one stretch.
    if (last && first !== undefined && first === shared) {
      last[1] = Math.max(last[0] + last[1], to) - last[0];
      last[3] = Math.max(last[3], endMs);
    } else times.push([from, to - from, startMs, endMs]);
    shared = final?.isSame ? undefined : final;
  }
  return times;
}

/** The piece that says the unit at a place. */
function placeAt(places: readonly Place[], at: number): Place | undefined {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((places[middle]?.start ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return places[low];
}

/** The stretch of the written text that one unit of what is said stands for. */
function writtenAt(place: Place | undefined, at: number): [from: number, to: number] {
  if (!place) return [at, at];
  const { start, piece, isSame } = place;
  if (!isSame) return [piece.from, piece.to];
  const from = Math.min(piece.from + at - start, piece.to);
  return [from, Math.min(from + 1, piece.to)];
}
