import { amountOf } from "../core/text/prosody-text.ts";

/** Fundamentals that Hz offsets are taken from, where nothing tells them: typical adult speech. */
const MALE_HZ = 120;
const FEMALE_HZ = 210;

/** An offset in Hz, as Edge-TTS has pitch: `+35Hz`; undefined where it is none. */
export function hertzIn(pitch: unknown): number | undefined {
  const amount = typeof pitch === "string" ? amountOf(pitch) : undefined;
  return amount?.unit === "hz" ? amount.value : undefined;
}

/** An offset in Hz in semitones, to a tenth. @param hints names that may tell the speaker's gender */
export function semitonesOfHertz(offset: number, hints: string): number {
  const isFemale = /female|aria|jenny|sonia|libby|elsa|isabella|michelle|ana\b/i.test(hints);
  const base = isFemale ? FEMALE_HZ : MALE_HZ;
  const semitones = 12 * Math.log2(Math.max(base + offset, base / 4) / base);
  return Math.min(24, Math.round(semitones * 10) / 10) + 0;
}
