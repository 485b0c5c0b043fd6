import { expect, test } from "bun:test";
import { likenessOf } from "../../../src/core/dsp/predictability.ts";
import { babble, noise, sine } from "../../support/sound.ts";

test("noise is all surprise, a tone and a voice are none, whatever their level", () => {
  for (const level of [1, 0.01]) {
    expect(likenessOf(noise(1200, level)).surprise).toBeGreaterThan(0.95);
    expect(likenessOf(sine(440, 24_000, level, 0.05)).surprise).toBeLessThan(0.02);
    expect(likenessOf(babble(0.15, level).subarray(1200, 2400)).surprise).toBeLessThan(0.1);
  }
});

test("level and offset are told apart, and silence has neither", () => {
  const { mean, rms } = likenessOf(sine(480, 24_000, 0.5, 0.05).map((sample) => sample + 0.25));
  expect(mean).toBeCloseTo(0.25, 4);
  expect(rms).toBeCloseTo(0.5 / Math.SQRT2, 4);
  expect(likenessOf(new Float32Array(1200))).toEqual({ mean: 0, rms: 0, surprise: 0 });
});
