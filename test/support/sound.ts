import type { AudioProcessor } from "../../src/core/dsp/audio-processor.ts";
import { joinPcm } from "../../src/core/dsp/pcm.ts";

/** A tone at a rate, of an amplitude, so many seconds long. */
export function sine(
  hz: number,
  rate: number,
  amplitude: number,
  seconds: number,
): Float32Array<ArrayBuffer> {
  const step = (2 * Math.PI * hz) / rate;
  return Float32Array.from({ length: Math.round(seconds * rate) }, (_, i) => amplitude * Math.sin(step * i));
}

/** Noise in −amplitude…amplitude, always the same (a linear congruence). */
export function noise(length: number, amplitude: number, seed = 1): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return amplitude * (state / 2 ** 31 - 1);
  });
}

/** Something like speech: buzzing syllables with pauses, at 24 kHz. */
export function babble(seconds: number, amplitude: number, hz = 110): Float32Array<ArrayBuffer> {
  const tones = [1, 2, 3, 5, 8].map((harmonic) => sine(hz * harmonic, 24_000, amplitude / harmonic, seconds));
  const buzz = joinPcm(tones.slice(0, 1));
  return buzz.map((_, i) => {
    const syllable = Math.max(0, Math.sin((2 * Math.PI * 3.1 * i) / 24_000));
    return syllable * tones.reduce((sum, tone) => sum + (tone[i] as number), 0) * 0.5;
  });
}

/** All that a stage makes of a sound given in pieces of such lengths, over and over. */
export function through(
  stage: AudioProcessor,
  sound: Float32Array<ArrayBuffer>,
  lengths: readonly number[] = [480],
): Float32Array<ArrayBuffer> {
  const out: Float32Array[] = [];
  for (let at = 0, index = 0; at < sound.length; index++) {
    const length = lengths[index % lengths.length] as number;
    // A stage may work in place on what it keeps.
    out.push(stage.push(sound.slice(at, at + length)).slice());
    at += length;
  }
  out.push(stage.flush());
  return joinPcm(out);
}

/** The loudest sample. */
export function peakOf(sound: Float32Array): number {
  return sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}
