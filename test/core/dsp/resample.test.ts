import { expect, test } from "bun:test";
import fc from "fast-check";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import { Resampler } from "../../../src/core/dsp/resample.ts";

const sine = (hz: number, rate: number, seconds: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: Math.round(rate * seconds) }, (_, i) =>
    Math.sin((2 * Math.PI * hz * i) / rate),
  );

function resampled(samples: Float32Array, from: number, to: number, pieces: number[] = []): Float32Array {
  const resampler = new Resampler(from, to);
  const out: Float32Array[] = [];
  let at = 0;
  for (const length of pieces) {
    out.push(resampler.push(samples.subarray(at, at + length)));
    at += length;
  }
  return joinPcm([...out, resampler.push(samples.subarray(at)), resampler.flush()]);
}

/** Energy of what is there over energy of the difference, dB, away from the ends. */
function snr(actual: Float32Array, expected: Float32Array): number {
  let signal = 0;
  let noise = 0;
  for (let i = 200; i < Math.min(actual.length, expected.length) - 200; i++) {
    signal += (expected[i] as number) ** 2;
    noise += ((actual[i] as number) - (expected[i] as number)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

test.each([
  [22_050, 24_000],
  [16_000, 24_000],
  [8000, 24_000],
  [44_100, 24_000],
  [48_000, 24_000],
  [24_000, 22_050],
])("%p Hz to %p Hz keeps a tone, its length and its place", (from, to) => {
  const out = resampled(sine(1000, from, 0.5), from, to);
  expect(out.length).toBe(Math.ceil((Math.round(from * 0.5) * to) / from));
  expect(snr(out, sine(1000, to, 0.5))).toBeGreaterThan(80);
});

test("what the lower rate cannot hold is taken out", () => {
  const out = resampled(sine(15_000, 48_000, 0.5), 48_000, 24_000).subarray(200, -200);
  expect(Math.max(...out.map(Math.abs))).toBeLessThan(0.001);
});

test("it makes no difference how the pieces were cut", () => {
  const source = sine(440, 22_050, 0.2);
  const whole = resampled(source, 22_050, 24_000);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 12 }), (pieces) => {
      expect(resampled(source, 22_050, 24_000, pieces)).toEqual(whole);
    }),
  );
});
