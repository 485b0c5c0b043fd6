import { expect, test } from "bun:test";
import { InputConditioner } from "../../../src/core/dsp/input-conditioner.ts";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import { babble, peakOf, sine, through } from "../../support/sound.ts";

const RATE = 24_000;
const taken = (sound: Float32Array<ArrayBuffer>, lengths?: number[]) =>
  through(new InputConditioner(RATE), sound, lengths);

test("what is no number is silence, and the sound goes on after it", () => {
  const sound = babble(1, 0.3);
  const spoilt = sound.slice();
  spoilt.set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30], 5000);
  const out = taken(spoilt);
  expect(out.every(Number.isFinite)).toBe(true);
  expect(peakOf(out)).toBeLessThanOrEqual(16);
  const [after, expected] = [out.subarray(20_000), taken(sound).subarray(20_000)];
  expect(peakOf(after.map((sample, i) => sample - (expected[i] as number)))).toBeLessThan(0.05);
});

test("an offset is taken away without a click at the start", () => {
  const silence = new Float32Array(RATE).fill(0.3);
  expect(peakOf(taken(silence))).toBe(0);
  const out = taken(sine(200, RATE, 0.2, 1).map((sample) => sample + 0.3));
  const mean = out.subarray(12_000).reduce((sum, sample) => sum + sample, 0) / 12_000;
  expect(Math.abs(mean)).toBeLessThan(0.001);
});

test("a deep voice passes as it is", () => {
  const out = taken(sine(60, RATE, 0.5, 1));
  expect(peakOf(out.subarray(RATE / 2))).toBeWithin(0.485, 0.505);
});

test("how the sound is cut makes no difference", () => {
  const sound = joinPcm([babble(0.1, 0.5), new Float32Array(100).fill(Number.NaN), babble(0.1, 0.5)]);
  const whole = taken(sound.slice(), [sound.length]);
  for (const lengths of [[1], [7, 1000], [999]]) expect(taken(sound.slice(), lengths)).toEqual(whole);
  expect(new InputConditioner(RATE).push(new Float32Array(0))).toHaveLength(0);
});
