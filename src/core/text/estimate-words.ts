import type { WordTime } from "../dsp/audio.ts";

/** What a word costs besides its syllables, in syllables. */
const WORD_COST = 0.4;
/** What punctuation after a word costs: a breath. */
const PAUSE_COST = 1.2;

/**
 * When the words of a text are heard, guessed from their syllables, for engines that do not tell.
 * @param durationMs of the whole text
 */
export function estimateWords(text: string, durationMs: number): WordTime[] {
  const segments = [...new Intl.Segmenter("en", { granularity: "word" }).segment(text)];
  const costs = segments.map(({ segment, isWordLike }) => {
    if (isWordLike) return WORD_COST + syllables(segment);
    return /[.,;:!?…—–、。！？]/u.test(segment) ? PAUSE_COST : 0;
  });
  const perCost = durationMs / Math.max(1, sum(costs));
  const words: WordTime[] = [];
  let at = 0;
  for (const [index, { segment, index: start, isWordLike }] of segments.entries()) {
    const end = at + (costs[index] as number) * perCost;
    if (isWordLike) words.push([start, segment.length, Math.round(at), Math.round(end)]);
    at = end;
  }
  return words;
}

/** Groups of vowels; every character of a script that writes syllables; every digit. */
function syllables(word: string): number {
  const groups = word
    .normalize("NFD")
    .match(/[aeiouyаеёиоуыэюяαεηιουω]+|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{N}/giu);
  return groups?.length ?? 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
