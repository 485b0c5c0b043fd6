import { expect, test } from "bun:test";
import fc from "fast-check";
import type { AudioProcessor } from "../../../src/core/dsp/audio-processor.ts";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import { type StretchOptions, stretchStages } from "../../../src/core/dsp/stretch.ts";
import { babble, peakOf, sine, through } from "../../support/sound.ts";

const RATE = 24_000;

/** Stages one after the other, as one. */
function chained(stages: readonly AudioProcessor[]): AudioProcessor {
  const from = (index: number, sound: Float32Array<ArrayBuffer>) =>
    stages.slice(index).reduce((piece, stage) => stage.push(piece), sound);
  return {
    push: (samples) => from(0, samples),
    flush: () => joinPcm(stages.map((stage, index) => from(index + 1, stage.flush()))),
  };
}

function stretched(sound: Float32Array<ArrayBuffer>, changes: Partial<StretchOptions>, lengths?: number[]) {
  const stages = stretchStages({ sampleRate: RATE, speed: 1, pitch: 0, ...changes });
  return through(chained(stages), sound, lengths);
}

/** Hz, by how often it rises through zero. */
function pitchOf(sound: Float32Array): number {
  const middle = sound.subarray(sound.length * 0.1, sound.length * 0.9);
  let crossings = 0;
  for (let i = 1; i < middle.length; i++)
    if ((middle[i - 1] as number) < 0 && (middle[i] as number) >= 0) crossings += 1;
  return (crossings * RATE) / middle.length;
}

test("nothing changes where nothing is asked for", () => {
  expect(stretchStages({ sampleRate: RATE, speed: 1, pitch: 0 })).toEqual([]);
});

test.each([0.5, 0.8, 1.25, 2, 4])("at speed %d a tone is as much shorter, and as high", (speed) => {
  const out = stretched(sine(200, RATE, 0.5, 3), { speed });
  expect(out.length / ((3 * RATE) / speed)).toBeWithin(0.98, 1.02);
  expect(pitchOf(out)).toBeWithin(197, 203);
  expect(peakOf(out)).toBeWithin(0.45, 0.51);
});

test.each([-12, -5, -1, 3, 12])("raised by %d semitones a tone is as long", (pitch) => {
  const out = stretched(sine(200, RATE, 0.5, 3), { pitch });
  expect(out.length / (3 * RATE)).toBeWithin(0.99, 1.01);
  expect(pitchOf(out) / (200 * 2 ** (pitch / 12))).toBeWithin(0.985, 1.015);
});

test("both at once do what each does", () => {
  const out = stretched(sine(200, RATE, 0.5, 3), { speed: 1.5, pitch: 7 });
  expect(out.length / (2 * RATE)).toBeWithin(0.98, 1.02);
  expect(pitchOf(out) / (200 * 2 ** (7 / 12))).toBeWithin(0.985, 1.015);
});

test("a tone stays smooth: no seam is heard", () => {
  const out = stretched(sine(200, RATE, 0.5, 2), { speed: 1.3 });
  const steepest = 0.5 * ((2 * Math.PI * 200) / RATE);
  const steps = out.slice(1).map((sample, i) => Math.abs(sample - (out[i] as number)));
  expect(peakOf(steps)).toBeLessThan(steepest * 1.2);
});

test.each([0.6, 1.7])("at speed %d what was said at t is said at t / speed, give or take 20 ms", (speed) => {
  const silence = new Float32Array(RATE);
  const click = babble(0.2, 0.8);
  const onset = (sound: Float32Array) => sound.findIndex((sample) => Math.abs(sample) > 0.1);
  const before = joinPcm([silence, click, silence]);
  const moved = onset(stretched(before, { speed })) - onset(before) / speed;
  expect(Math.abs(moved)).toBeLessThan(0.02 * RATE);
});

test("silence stays silence", () => {
  expect(peakOf(stretched(new Float32Array(RATE), { speed: 0.7, pitch: 4 }))).toBe(0);
});

test("how the sound is cut makes no difference", () => {
  const sound = babble(0.6, 0.5);
  const whole = stretched(sound, { speed: 1.3, pitch: -3 }, [sound.length]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 5 }), (lengths) => {
      expect(stretched(sound, { speed: 1.3, pitch: -3 }, lengths)).toEqual(whole);
    }),
    { numRuns: 10 },
  );
});
