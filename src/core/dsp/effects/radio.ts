import { Biquad, highPass, lowPass, peaking } from "../biquad.ts";
import type { EffectRecipe } from "./effect.ts";

/** Full scale is 1: what is softer is not brought up further. */
const SOFTEST = 0.01;
/** ms in which the automatic gain has recovered by two thirds. */
const RELEASE_MS = 150;
/** How far the voice is driven into the small loudspeaker. */
const DRIVE = 2.2;

/** A small loudspeaker at the end of a bad line: no bass, no treble, always too loud. */
export const radio: EffectRecipe = {
  open(sampleRate) {
    const before = [
      new Biquad(highPass({ sampleRate, frequency: 420 })),
      new Biquad(highPass({ sampleRate, frequency: 420 })),
      new Biquad(peaking({ sampleRate, frequency: 1600, q: 1.1 }, 6)),
      new Biquad(lowPass({ sampleRate, frequency: 2900 })),
    ];
    const after = [
      new Biquad(lowPass({ sampleRate, frequency: 3200 })),
      new Biquad(lowPass({ sampleRate, frequency: 3200 })),
    ];
    const release = Math.exp(-1000 / (RELEASE_MS * sampleRate));
    let loud = SOFTEST;
    return {
      next(sample) {
        let voice = sample;
        for (const filter of before) voice = filter.next(voice);
        // The gain is the radio's own, so that soft engines sound as driven as loud ones.
        loud = Math.max(SOFTEST, Math.abs(voice), loud * release);
        let driven = 0.4 * Math.tanh((DRIVE * voice) / loud);
        for (const filter of after) driven = filter.next(driven);
        return driven;
      },
    };
  },
};
