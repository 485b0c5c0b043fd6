import { Biquad, lowShelf } from "../biquad.ts";
import type { EffectRecipe } from "./effect.ts";
import { Reverb } from "./reverb.ts";

/** Somebody huge: deep, slow, with a chest like a room. */
export const giant: EffectRecipe = {
  pitch: -5,
  speed: 0.9,
  open(sampleRate) {
    const chest = new Biquad(lowShelf({ sampleRate, frequency: 220 }, 6));
    const room = new Reverb({ sampleRate, size: 0.5, seconds: 0.5, damping: 0.5 });
    return {
      next(sample) {
        const voice = chest.next(sample);
        return voice + 0.16 * room.next(voice);
      },
    };
  },
};
