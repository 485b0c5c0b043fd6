import { describe, expect, test } from "bun:test";
import { LoudnessMeter } from "../../../src/core/dsp/loudness.ts";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import { hasMeter, measure } from "../../support/meter.ts";
import { babble, noise, sine } from "../../support/sound.ts";

function lufsOf(sound: Float32Array, rate = 24_000): number | undefined {
  const meter = new LoudnessMeter(rate);
  meter.push(sound);
  return meter.lufs;
}

const dB = (decibels: number): number => 10 ** (decibels / 20);

test.each([16_000, 22_050, 24_000, 44_100, 48_000])(
  "a tone of 997 Hz at full scale is −3.01 LUFS at %d Hz, as the standard has it",
  (rate) => expect(lufsOf(sine(997, rate, 1, 2), rate)).toBeCloseTo(-3.01, 1),
);

test("pauses and soft passages do not count", () => {
  const rate = 24_000;
  const part = (level: number, seconds: number) => sine(1000, rate, dB(level), seconds);
  const speech = part(-20, 20);
  const whole = lufsOf(speech) as number;
  const silence = new Float32Array(10 * rate);
  const paused = joinPcm([silence, part(-33, 5), speech, part(-33, 5), silence]);
  expect(lufsOf(paused) as number).toBeWithin(whole - 0.15, whole + 0.05);
  // Less than 10 LU softer, it does.
  expect(lufsOf(joinPcm([speech, part(-28, 20)])) as number).toBeLessThan(whole - 1);
});

test("silence has no loudness, nor has what is under the absolute gate", () => {
  expect(lufsOf(new Float32Array(24_000))).toBeUndefined();
  expect(lufsOf(sine(1000, 24_000, dB(-75), 2))).toBeUndefined();
  const meter = new LoudnessMeter(24_000);
  meter.push(new Float32Array(24_000));
  expect(meter.ms).toBe(0);
});

test("less than a block is measured by what there is", () => {
  expect(lufsOf(sine(997, 24_000, dB(-20), 0.15)) as number).toBeWithin(-24, -22);
});

test("a moment of speech after silence is as loud as it is", () => {
  const late = joinPcm([new Float32Array(24_000), sine(997, 24_000, dB(-20), 0.35)]);
  expect(lufsOf(late) as number).toBeWithin(-26, -22);
});

describe.skipIf(!hasMeter)("beside ffmpeg's meter", () => {
  const sounds: Record<string, Float32Array> = {
    "a low tone": sine(60, 24_000, 0.5, 3),
    "a high tone": sine(6000, 24_000, 0.1, 3),
    noise: noise(96_000, 0.2),
    babble: babble(8, 0.3),
    "a quiet word after a loud one": joinPcm([babble(3, 0.5), new Float32Array(24_000), babble(3, 0.05)]),
  };
  for (const [name, sound] of Object.entries(sounds)) {
    test(`${name} is as loud here as there`, async () => {
      const { lufs } = await measure(sound);
      // It tells one digit.
      expect(Math.abs((lufsOf(sound) as number) - lufs)).toBeLessThan(0.11);
    });
  }
});
