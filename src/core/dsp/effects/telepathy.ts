import { Biquad, highPass } from "../biquad.ts";
import { DelayLine } from "./delay-line.ts";
import type { EffectRecipe } from "./effect.ts";

/** Copies of the voice that waver around it: ms of delay, ms to either side, Hz. */
const COPIES = [
  { ms: 11, waver: 2.5, hz: 0.61 },
  { ms: 17, waver: 3.5, hz: 0.37 },
  { ms: 26, waver: 4, hz: 0.23 },
] as const;
/** ms after which a thought comes back, and how much of it. */
const RETURN_MS = 110;
const RETURNS = 0.45;

/** A voice inside the head: thin, close, and not quite one. */
export const telepathy: EffectRecipe = {
  open(sampleRate) {
    const perMs = sampleRate / 1000;
    const thin = new Biquad(highPass({ sampleRate, frequency: 280 }));
    const line = new DelayLine(32 * perMs);
    const thought = new DelayLine(RETURN_MS * perMs);
    const returns = Math.round(RETURN_MS * perMs);
    let at = 0;
    return {
      next(sample) {
        const back = thought.read(returns);
        const voice = thin.next(sample) + RETURNS * back;
        line.write(voice);
        let copies = 0;
        for (const { ms, waver, hz } of COPIES)
          copies += line.read((ms + waver * Math.sin((2 * Math.PI * hz * at) / sampleRate)) * perMs);
        at += 1;
        thought.write(0.3 * copies);
        return 0.55 * voice + 0.4 * copies;
      },
    };
  },
};
