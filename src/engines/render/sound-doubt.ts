import { likenessOf } from "../../core/dsp/predictability.ts";

/** ms that are judged at once. */
export const WINDOW_MS = 50;

/** Why a stretch of sound can hardly be speech. */
export interface Doubt {
  what: string;
  /** ms of sound, one window after the other, after which it is certain; infinite where only all of a sentence tells. */
  certainMs: number;
}

/** Full scale is 1. How far out a sample may be, which is 18 dB more than any engine means. */
const MAX_SAMPLE = 8;
/** The share of samples that may be no numbers, or out of range; so many cost a moment, not the sentence. */
const MAX_BROKEN = 0.05;
/** No voice is as loud as that; a tone at full scale has 0.71. */
const MAX_RMS = 0.8;
/** A difference that is none to hear. */
const QUIET = 0.001;
/** Samples are cut off from here on, and the share of them that no voice has, however loud. */
const CUT_OFF = 0.985;
const MAX_CUT_OFF = 0.85;

/** The surprise of noise that is nothing else; of a hiss it is less. */
const CHANCE = 0.93;
const NOISE = "noise instead of speech";

/**
 * What is suspicious about a stretch of sound. Of eSpeak and Flite, whispering and hissing included, no stretch with a surprise
 * over 0.6 has an RMS over 0.22 where the sentence's peak is at full scale, and no two that follow each other are over 0.85;
 * bytes that are no samples have 0.6 to 1 at an RMS of 0.5, and mostly 0.98.
 */
export function doubtAbout(window: Float32Array): Doubt | undefined {
  const { broken, cutOff } = sharesOf(window);
  if (broken > MAX_BROKEN) return { what: "samples that are no numbers in −1…1", certainMs: 0 };
  if (window.every(Number.isInteger) && window.some((sample) => sample !== 0))
    return { what: "whole numbers instead of samples in −1…1", certainMs: 600 };
  const numbers = broken > 0 ? window.map((sample) => (isBroken(sample) ? 0 : sample)) : window;
  const { mean, rms, surprise } = likenessOf(numbers);
  // On one side of zero, up and down by chance: text, or samples with a sign too many.
  const isOffset = Math.abs(mean) >= 0.2 && rms >= 0.05 && surprise >= 0.5;
  if (isOffset || (rms >= 0.5 && surprise >= 0.6)) return { what: NOISE, certainMs: 0 };
  if ((rms >= 0.35 && surprise >= 0.6) || (rms >= 0.2 && surprise >= CHANCE))
    return { what: NOISE, certainMs: 150 };
  if (rms >= MAX_RMS || cutOff > MAX_CUT_OFF)
    return { what: "sound that is cut off at full scale", certainMs: 300 };
  if (surprise < CHANCE) return undefined;
  // Softer than that it is what many voices have in their pauses; all of a sentence is not.
  return { what: NOISE, certainMs: rms >= 0.03 ? 400 : Number.POSITIVE_INFINITY };
}

/** Whether there is more than a constant in it. */
export function isSounding(window: Float32Array): boolean {
  const first = window[0] ?? 0;
  for (let i = 1; i < window.length; i++) if (differs(window[i] as number, first)) return true;
  return differs(first, first);
}

/** Whether a difference would be heard; of what is no number, yes. */
export function differs(sample: number, other: number): boolean {
  return !(Math.abs(sample - other) <= QUIET);
}

function isBroken(sample: number): boolean {
  return !(Math.abs(sample) <= MAX_SAMPLE);
}

/** Shares of a window; one loop, as every sentence waits for it before its first frame. */
function sharesOf(window: Float32Array): { broken: number; cutOff: number } {
  const { length } = window;
  let broken = 0;
  let cutOff = 0;
  for (let i = 0; i < length; i++) {
    const sample = window[i] as number;
    if (isBroken(sample)) broken += 1;
    if (Math.abs(sample) >= CUT_OFF) cutOff += 1;
  }
  return { broken: broken / length, cutOff: cutOff / length };
}
