import { expect, test } from "bun:test";
import { rateOf, semitonesOf } from "../../../src/core/text/prosody-text.ts";

test.each([
  ["90%", 0.9],
  ["80%", 0.8],
  ["100%", 1],
  ["200 %", 2],
  ["+20%", 1.2],
  ["-20%", 0.8],
  ["+0%", 1],
  ["1.2", 1.2],
  ["0,9", 0.9],
  ["1.5x", 1.5],
  ["slow", 0.8],
  ["X-Fast", 1.6],
  ["x fast", 1.6],
  ["normal", 1],
])("a rate of %s is a factor of %p", (text, factor) => {
  expect(rateOf(text)).toBe(factor);
});

test.each([
  ["-3st", -3],
  ["+2.5st", 2.5],
  ["3 semitones", 3],
  ["+100%", 12],
  ["-50%", -12],
  ["50%", -12],
  ["x-low", -6],
  ["Normal", 0],
])("a pitch of %s is %p semitones", (text, semitones) => {
  expect(semitonesOf(text)).toBeCloseTo(semitones, 10);
});

test.each(["", "quickly", "%", "--1%", "1e3%", "12 parsecs", "constructor", "1.2.3"])(
  "%j is neither a rate nor a pitch",
  (text) => {
    expect(rateOf(text)).toBeUndefined();
    expect(semitonesOf(text)).toBeUndefined();
  },
);

test("what is in Hz is no number of semitones", () => {
  for (const text of ["200Hz", "+10Hz"]) expect(semitonesOf(text)).toBeUndefined();
});
