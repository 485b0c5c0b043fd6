import type { WordTime } from "../../core/dsp/audio.ts";
import type { Phone } from "./flite-synth.ts";
import type { FliteText } from "./flite-text.ts";

const PAUSE = "pau";
/** A sound that is left out or put in costs as much; one for another a little more than one of them. */
const GAP = 1;
const OTHER = 1.5;

/** A word of the text: what is to be said between two spaces. */
export interface FliteWord {
  /** Where it stands in the text: UTF-16 units. */
  start: number;
  length: number;
  /** As Flite gets it, without the punctuation around it. */
  ascii: string;
}

/** The words of a text. @param text that `spelled` was made of */
export function fliteWords(text: string, { ascii, origins }: FliteText): FliteWord[] {
  return [...ascii.matchAll(/[A-Za-z0-9$][^\s]*/g)].flatMap((found) => {
    const word = found[0].replace(/[^A-Za-z0-9$%]+$/, "");
    const start = origins[found.index];
    const last = origins[found.index + word.length - 1];
    if (start === undefined || last === undefined) return [];
    const end = last + String.fromCodePoint(text.codePointAt(last) ?? 0).length;
    return [{ start, length: end - start, ascii: word }];
  });
}

/** A text in which Flite says each of the words by itself, with a pause between them. */
export function oneByOne(words: readonly FliteWord[]): string {
  return words.map(({ ascii }) => `${ascii},`).join(" ");
}

/**
 * When each word is heard. Flite tells when its sounds end, but not whose they are: the sounds of the words said
 * one by one are laid beside those of the sentence so that as few as possible differ (Needleman and Wunsch,
 * 1970).
 * @param alone the sounds of `oneByOne(words)`
 * @returns undefined where a word has no sounds of its own, or several words share them
 */
export function fliteWordTimes(
  words: readonly FliteWord[],
  alone: readonly string[],
  phones: readonly Phone[],
): WordTime[] | undefined {
  const groups = splitAtPauses(alone);
  if (groups.length !== words.length) return undefined;
  const wanted = groups.flatMap((sounds, word) => sounds.map((name) => ({ name, word })));
  const heard = phones
    .map(({ name, endMs }, index) => ({ name, endMs, startMs: phones[index - 1]?.endMs ?? 0 }))
    .filter(({ name }) => name !== PAUSE);
  const spans: ([startMs: number, endMs: number] | undefined)[] = words.map(() => undefined);
  for (const [mine, theirs] of aligned(wanted, heard)) {
    const { word } = wanted[mine] as (typeof wanted)[number];
    const { startMs, endMs } = heard[theirs] as (typeof heard)[number];
    spans[word] = [spans[word]?.[0] ?? startMs, endMs];
  }
  return words.flatMap(({ start, length }, index) => {
    const span = spans[index];
    return span ? [[start, length, Math.round(span[0]), Math.round(span[1])] as const] : [];
  });
}

function splitAtPauses(sounds: readonly string[]): string[][] {
  const groups: string[][] = [[]];
  for (const sound of sounds) {
    if (sound === PAUSE) groups.push([]);
    else groups.at(-1)?.push(sound);
  }
  return groups.filter((group) => group.length > 0);
}

/** Pairs of places that belong together, in order. */
function aligned(mine: readonly { name: string }[], theirs: readonly { name: string }[]): [number, number][] {
  const width = theirs.length + 1;
  const costs = new Float32Array((mine.length + 1) * width);
  const costAt = (row: number, column: number): number => costs[row * width + column] ?? 0;
  const exchange = (row: number, column: number): number =>
    costAt(row - 1, column - 1) + (mine[row - 1]?.name === theirs[column - 1]?.name ? 0 : OTHER);
  for (let row = 0; row <= mine.length; row++) {
    for (let column = 0; column < width; column++) {
      if (row === 0 || column === 0) costs[row * width + column] = (row + column) * GAP;
      else {
        const gap = GAP + Math.min(costAt(row - 1, column), costAt(row, column - 1));
        costs[row * width + column] = Math.min(gap, exchange(row, column));
      }
    }
  }
  const pairs: [number, number][] = [];
  let [row, column] = [mine.length, theirs.length];
  while (row > 0 && column > 0) {
    if (costAt(row, column) === exchange(row, column)) pairs.push([--row, --column]);
    else if (costAt(row, column) === costAt(row - 1, column) + GAP) row -= 1;
    else column -= 1;
  }
  return pairs.reverse();
}
