import { DelayLine } from "./delay-line.ts";
import type { EffectRecipe } from "./effect.ts";
import { Reverb } from "./reverb.ts";

/** ms until the wall opposite answers. */
const ECHO_MS = 170;

/** A large dark hall of stone: one clear echo, and many that blur. */
export const cave: EffectRecipe = {
  open(sampleRate) {
    const room = new Reverb({ sampleRate, size: 1.7, seconds: 2, damping: 0.35 });
    const wall = new DelayLine((ECHO_MS * sampleRate) / 1000);
    const delay = Math.round((ECHO_MS * sampleRate) / 1000);
    return {
      next(sample) {
        const echo = wall.read(delay);
        wall.write(sample);
        return 0.8 * sample + 0.3 * echo + 0.28 * room.next(sample + 0.4 * echo);
      },
    };
  },
};
