import type { SpeakingStyle } from "./speaking-style.ts";

/** What a tag in a text means. */
export type MarkupToken =
  /** From here on, until it is closed or the text ends. */
  | { type: "open"; name: string; style: SpeakingStyle }
  | { type: "close"; name: string }
  | { type: "pause"; ms: number }
  /** A sound of the place, by its name, at the word that follows. */
  | { type: "sound"; name: string }
  /** Stands for some characters, or none. */
  | { type: "text"; text: string };

/** The words that tags in brackets begin with. */
export const TAG_NAMES: readonly string[] = ["pause", "whisper", "voice", "effect", "sound"];

/** Longest pause, ms; a longer one is so long. */
export const MAX_PAUSE_MS = 10_000;
/** ms of silence for a sound behind which nothing is said: without any there is no place for it. */
export const LAST_SOUND_MS = 20;

/** `500ms`, `1s`, `1.5s` in ms, at most `MAX_PAUSE_MS`; undefined where it is none of these. */
export function pauseOf(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,7}(?:\.\d{1,3})?)(ms|s)$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  const ms = Math.round(Number(number) * (unit?.toLowerCase() === "s" ? 1000 : 1));
  return Math.min(ms, MAX_PAUSE_MS);
}
