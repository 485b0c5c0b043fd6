import { Biquad, highPass } from "../biquad.ts";
import type { EffectRecipe } from "./effect.ts";
import { Reverb } from "./reverb.ts";

/** Hz at which the voice trembles, and Hz by which a part of it is bent away from any human one. */
const TREMBLE_HZ = 5.3;
const BEND_HZ = 43;

/** Not of this world: trembling, hollow, far away. */
export const spirit: EffectRecipe = {
  pitch: 2,
  open(sampleRate) {
    const hollow = new Biquad(highPass({ sampleRate, frequency: 320 }));
    const beyond = new Reverb({ sampleRate, size: 1.3, seconds: 2, damping: 0.12 });
    const step = (2 * Math.PI) / sampleRate;
    let at = 0;
    return {
      next(sample) {
        const tremble = 0.78 + 0.22 * Math.sin(TREMBLE_HZ * step * at);
        const bend = 0.7 + 0.3 * Math.cos(BEND_HZ * step * at);
        at += 1;
        const voice = hollow.next(sample) * tremble * bend;
        return 1.2 * voice + 0.36 * beyond.next(voice);
      },
    };
  },
};
