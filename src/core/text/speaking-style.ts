import type { EffectName } from "../dsp/effects/names.ts";

/** How a stretch of text is said, as far as it differs from the rest of the line. */
export interface SpeakingStyle {
  /** In whose voice: an NPC's name. */
  voice?: string;
  whisper?: true;
  /** After the voice's own, in order. */
  effects?: readonly EffectName[];
  /** A factor of the voice's speed. */
  rate?: number;
  /** Semitones beside the voice's pitch. */
  pitch?: number;
  /** dB, never above 0: all voices are as loud as they can be. */
  gainDb?: number;
  /** BCP 47, where it is written in letters of another language than the voice's. */
  language?: string;
  /** Letter by letter, digit by digit. */
  spelled?: true;
}

/** Like the rest of the line. */
export const PLAIN: SpeakingStyle = {};

/** One style within another. */
export function layered(under: SpeakingStyle, over: SpeakingStyle): SpeakingStyle {
  const effects = [...(under.effects ?? []), ...(over.effects ?? [])];
  const rate = (under.rate ?? 1) * (over.rate ?? 1);
  const pitch = (under.pitch ?? 0) + (over.pitch ?? 0);
  const gainDb = (under.gainDb ?? 0) + (over.gainDb ?? 0);
  return {
    ...under,
    ...over,
    ...(effects.length > 0 ? { effects: [...new Set(effects)] } : {}),
    ...(rate === 1 ? {} : { rate }),
    ...(pitch === 0 ? {} : { pitch }),
    ...(gainDb === 0 ? {} : { gainDb }),
  };
}

/** Whether two stretches are said in the same way. */
export function sameStyle(one: SpeakingStyle, other: SpeakingStyle): boolean {
  return one === other || keyOf(one) === keyOf(other);
}

function keyOf({
  voice,
  whisper,
  effects = [],
  rate = 1,
  pitch = 0,
  gainDb = 0,
  language,
  spelled,
}: SpeakingStyle): string {
  return JSON.stringify([voice, whisper, effects, rate, pitch, gainDb, language, spelled]);
}
