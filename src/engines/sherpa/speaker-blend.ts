import { BardcastError } from "../../core/errors.ts";

/** Speakers in one mixture at the most. */
const MAX_PARTS = 8;

/** A speaker by number, and how much of it: shares add up to 1. */
export interface SpeakerPart {
  speaker: number;
  weight: number;
}

/** The same by name. */
export interface NamedPart {
  name: string;
  weight: number;
}

/**
 * Reads a speaker, or a mixture: `af_heart`, `af_heart:0.7,am_adam:0.3`, `af_heart+am_adam` (as much of each).
 * @throws BardcastError `voice-unknown` where it makes no sense
 */
export function readBlend(text: string): [NamedPart, ...NamedPart[]] {
  const parts = text.split(/[,+]/).map((part) => {
    const [, name = part, share] = /^(.*?)(?::([^:]*))?$/.exec(part.trim()) ?? [];
    return { name, weight: share === undefined ? 1 : Number(share) };
  });
  const sum = parts.reduce((total, { weight }) => total + weight, 0);
  const isSound = parts.every(({ weight }) => weight > 0 && weight < Number.POSITIVE_INFINITY);
  const [first, ...others] = parts.map(({ name, weight }) => ({ name, weight: weight / sum }));
  if (!first || !isSound || parts.length > MAX_PARTS) {
    const message = `"${text}" is no mixture of up to ${MAX_PARTS} speakers, as af_heart:0.7,am_adam:0.3 is one`;
    throw new BardcastError("voice-unknown", message);
  }
  return [first, ...others];
}

/**
 * The styles of speakers, mixed: element by element, by their shares.
 * @param styles of all speakers, one after the other, each of `size` numbers
 */
export function blendStyles(styles: Float32Array, size: number, parts: readonly SpeakerPart[]): Float32Array {
  const mixed = new Float32Array(size);
  for (const { speaker, weight } of parts) {
    const from = speaker * size;
    for (let at = 0; at < size; at++) mixed[at] = (mixed[at] ?? 0) + weight * (styles[from + at] ?? 0);
  }
  return mixed;
}
