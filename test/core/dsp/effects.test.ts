import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { EffectProcessor } from "../../../src/core/dsp/effects/effect-processor.ts";
import { EFFECTS, type EffectName, effectsOf } from "../../../src/core/dsp/effects/names.ts";
import { EFFECT_RECIPES } from "../../../src/core/dsp/effects/recipes.ts";
import { babble, noise, peakOf, sine, through } from "../../support/sound.ts";

const RATE = 24_000;
const stage = (name: EffectName) => new EffectProcessor(EFFECT_RECIPES[name].open(RATE), RATE);
const rms = (sound: Float32Array) => Math.sqrt(sound.reduce((sum, x) => sum + x * x, 0) / sound.length);

describe.each([...EFFECTS])("%s", (name) => {
  test("whatever comes in, what comes out is bounded", () => {
    const hostile = fc.oneof(
      fc.record({ kind: fc.constant("noise" as const), seed: fc.integer({ min: 1, max: 1000 }) }),
      fc.record({ kind: fc.constant("tone" as const), hz: fc.double({ min: 20, max: 11_900, noNaN: true }) }),
      fc.record({ kind: fc.constant("step" as const), level: fc.constantFrom(-1, 1) }),
    );
    fc.assert(
      fc.property(hostile, (input) => {
        const sound =
          input.kind === "noise"
            ? noise(RATE, 1, input.seed)
            : input.kind === "tone"
              ? sine(input.hz, RATE, 1, 1)
              : new Float32Array(RATE).fill(input.level);
        const out = through(stage(name), sound);
        expect(out.every(Number.isFinite)).toBe(true);
        expect(peakOf(out)).toBeLessThan(10);
      }),
      { numRuns: 12 },
    );
  });

  test("silence in, silence out, and no tail", () => {
    const silence = new Float32Array(RATE);
    expect(through(stage(name), silence)).toEqual(silence);
  });

  test("the tail dies away and ends at nothing", () => {
    const effect = stage(name);
    const out = effect.push(babble(1, 0.3));
    const tail = effect.flush();
    expect(tail.length).toBeLessThanOrEqual(2.5 * RATE);
    expect(peakOf(tail.subarray(-240))).toBeLessThan(0.01 * peakOf(out));
    expect(Math.abs(tail.at(-1) ?? 0)).toBeLessThan(1e-4);
  });

  test("twenty seconds of it explode no more than seven do", () => {
    const effect = EFFECT_RECIPES[name].open(RATE);
    const sound = noise(RATE, 0.5);
    let before = 0;
    for (let second = 0; second < 20; second++) {
      const out = sound.map((sample) => effect.next(sample));
      if (second === 6) before = rms(out);
      if (second > 6) expect(rms(out) / before).toBeWithin(0.7, 1.4);
    }
  });

  test("how the sound is cut makes no difference, nor when it is said again", () => {
    const sound = babble(0.3, 0.4);
    const whole = through(stage(name), sound, [sound.length]);
    expect(through(stage(name), sound, [1, 777, 30])).toEqual(whole);
  });

  test("it is heard", () => {
    const sound = babble(1, 0.3);
    const out = through(stage(name), sound).subarray(0, sound.length);
    const scale = rms(out) / rms(sound);
    const difference = out.map((sample, i) => sample / scale - (sound[i] as number));
    expect(rms(difference) / rms(sound)).toBeGreaterThan(0.2);
  });
});

test("a radio is as driven by a soft engine as by a loud one", () => {
  const loud = through(stage("radio"), babble(1, 0.5));
  const soft = through(stage("radio"), babble(1, 0.05));
  expect(rms(soft) / rms(loud)).toBeWithin(0.8, 1.2);
});

test("effects are named by one name or a list, once each, in order; what is none is none", () => {
  expect(effectsOf({})).toEqual([]);
  expect(effectsOf({ effects: "cave" })).toEqual(["cave"]);
  expect(effectsOf({ effects: ["radio", "cave", "radio"] })).toEqual(["radio", "cave"]);
  expect(effectsOf({ effects: ["__proto__", 7, null] })).toEqual([]);
});
