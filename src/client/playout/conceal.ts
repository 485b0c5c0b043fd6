import { V2_SAMPLE_RATE } from "../../core/protocol/v2.ts";

/** Longer holes fall silent: what a decoder makes up does not resemble speech for long. */
export const MAX_CONCEALED: number = V2_SAMPLE_RATE / 10;
const FADE = V2_SAMPLE_RATE / 50;

/** The same, falling silent over its last 20 ms. */
export function fadedOut(samples: Float32Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(samples);
  const fade = Math.min(FADE, out.length);
  for (let i = 1; i <= fade; i++) {
    const at = out.length - i;
    out[at] = ((out[at] as number) * (i - 1)) / fade;
  }
  return out;
}

/** Fills a gap after `before`: its last 20 ms played backward, so that nothing jumps, and faded out. */
export function echoOf(before: Float32Array, length: number): Float32Array<ArrayBuffer> {
  return fadedOut(before.slice(-Math.min(FADE, length)).reverse());
}
