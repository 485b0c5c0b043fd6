import { BardcastError } from "../../core/errors.ts";

/** Hz an engine may speak at. */
const MIN_RATE = 4000;
const MAX_RATE = 192_000;

/** @throws BardcastError `engine-failed` for a sample rate that no sound has */
export function checkSampleRate(sampleRate: number): void {
  if (Number.isInteger(sampleRate) && sampleRate >= MIN_RATE && sampleRate <= MAX_RATE) return;
  const expected = `a whole number from ${MIN_RATE} to ${MAX_RATE} is expected`;
  throw new BardcastError("engine-failed", `the engine gave sound at ${sampleRate} Hz; ${expected}`);
}
