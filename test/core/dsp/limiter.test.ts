import { expect, test } from "bun:test";
import fc from "fast-check";
import { Limiter } from "../../../src/core/dsp/limiter.ts";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import { Resampler } from "../../../src/core/dsp/resample.ts";
import { babble, noise, peakOf, sine, through } from "../../support/sound.ts";

const CEILING = 0.86;
const RATE = 24_000;
const limited = (sound: Float32Array<ArrayBuffer>, lengths?: number[]) =>
  through(new Limiter(CEILING, RATE), sound, lengths);

/** Read at sixteen points for each sample, by a filter of its own. */
function truePeakOf(sound: Float32Array<ArrayBuffer>): number {
  return peakOf(through(new Resampler(RATE, 16 * RATE), sound));
}

test("what is under the ceiling passes as it is, and nothing is late", () => {
  const soft = babble(1, 0.3);
  expect(limited(soft)).toEqual(soft);
});

test("no sample and nothing between two samples goes over the ceiling", () => {
  const sounds = [
    babble(2, 2.5),
    sine(5999, RATE, 0.95, 0.5),
    joinPcm([babble(1, 0.2), babble(1, 6), babble(1, 0.2)]),
    Float32Array.from({ length: 24_000 }, (_, i) => (i % 4000 === 2000 ? 4 : 0)),
  ];
  for (const sound of sounds) expect(peakOf(limited(sound))).toBeLessThanOrEqual(CEILING * 1.0001);
  // Speech has little up there, where four points for each sample miss the most.
  for (const sound of sounds.slice(0, 3)) expect(truePeakOf(limited(sound))).toBeLessThan(10 ** (-1 / 20));
});

test("it turns down rather than clips: the tone stays a tone", () => {
  const out = limited(sine(300, RATE, 3, 1)).subarray(6000, 18_000);
  const expected = sine(300, RATE, CEILING, 0.75).subarray(6000, 18_000);
  const worst = out.reduce(
    (most, sample, i) => Math.max(most, Math.abs(sample - (expected[i] as number))),
    0,
  );
  expect(worst).toBeLessThan(0.03);
});

test("after a peak the sound comes back", () => {
  const out = limited(joinPcm([sine(300, RATE, 4, 0.1), sine(300, RATE, 0.5, 1)]));
  expect(peakOf(out.subarray(3000, 3400))).toBeLessThan(0.3);
  expect(peakOf(out.subarray(20_000))).toBeGreaterThan(0.49);
});

test("how the sound is cut makes no difference", () => {
  const sound = noise(6000, 1.8);
  const whole = limited(sound, [6000]);
  expect(whole.length).toBe(sound.length);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 6 }), (lengths) => {
      expect(limited(sound, lengths)).toEqual(whole);
    }),
    { numRuns: 20 },
  );
});
