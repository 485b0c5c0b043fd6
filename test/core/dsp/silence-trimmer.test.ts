import { expect, test } from "bun:test";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import { SilenceTrimmer } from "../../../src/core/dsp/silence-trimmer.ts";
import { babble, noise, through } from "../../support/sound.ts";

const RATE = 24_000;
const word = babble(0.3, 0.4).subarray(2000);
const silence = (ms: number) => new Float32Array((ms * RATE) / 1000);

test("60 ms of silence stay before the first sound, whatever there was", () => {
  for (const [ms, lengths] of [
    [61, [480]],
    [500, [1]],
    [500, [100, 7000]],
    [3000, [480]],
    [500, [100_000]],
  ] as const) {
    const stage = new SilenceTrimmer(0.003, RATE);
    expect(through(stage, joinPcm([silence(ms), word]), lengths)).toEqual(joinPcm([silence(60), word]));
    expect(stage.cut).toBe(((ms - 60) * RATE) / 1000);
  }
});

test("less silence, and silence after the first sound, stay as they are", () => {
  const sound = joinPcm([silence(20), word, silence(900), word]);
  expect(through(new SilenceTrimmer(0.003, RATE), sound)).toEqual(sound);
});

test("hiss under the threshold is silence, and what is kept of it is what there was", () => {
  const hiss = noise(RATE, 0.002);
  const out = through(new SilenceTrimmer(0.003, RATE), joinPcm([hiss, word]));
  expect(out).toEqual(joinPcm([hiss.subarray(RATE - 1440), word]));
});

test("a pause that is nothing but silence is as long as it was", () => {
  expect(through(new SilenceTrimmer(0.003, RATE), silence(700))).toEqual(silence(700));
});

test("what was cut is known with the first sound", () => {
  const stage = new SilenceTrimmer(0.003, RATE);
  stage.push(silence(100));
  expect(stage.cut).toBeUndefined();
  stage.push(joinPcm([silence(10), word]));
  expect(stage.cut).toBe((50 * RATE) / 1000);
});
