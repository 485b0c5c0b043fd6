import { expect, test } from "bun:test";
import fc from "fast-check";
import { Leveller, type LevellerOptions, type VoiceLevel } from "../../../src/core/dsp/leveller.ts";
import { LoudnessMeter } from "../../../src/core/dsp/loudness.ts";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import { babble, through } from "../../support/sound.ts";

const RATE = 24_000;
const level = (
  sound: Float32Array<ArrayBuffer>,
  options: Partial<LevellerOptions> = {},
  lengths?: number[],
) => through(new Leveller({ sampleRate: RATE, ...options }), sound, lengths);

function lufsOf(sound: Float32Array): number {
  const meter = new LoudnessMeter(RATE);
  meter.push(sound);
  return meter.lufs as number;
}

/** The gain of each 100 ms that has sound in it, in dB. */
function gainsOf(before: Float32Array, after: Float32Array): number[] {
  const gains: number[] = [];
  for (let at = 0; at + 2400 <= before.length; at += 2400) {
    const energy = (sound: Float32Array) =>
      sound.subarray(at, at + 2400).reduce((sum, sample) => sum + sample * sample, 0);
    if (energy(before) > 0) gains.push(10 * Math.log10(energy(after) / energy(before)));
  }
  return gains;
}

test.each([0.01, 0.05, 0.4, 0.9])("an unknown voice of amplitude %d comes near the target", (amplitude) => {
  expect(lufsOf(level(babble(4, amplitude)))).toBeWithin(-20.5, -15.5);
});

test("a known voice is at the target from its first sample, with a gain that stays", () => {
  const sound = babble(4, 0.02);
  const known = { lufs: lufsOf(sound), ms: 5000 };
  const out = level(sound, { level: known });
  expect(lufsOf(out)).toBeCloseTo(-18, 1);
  const gains = gainsOf(sound, out);
  expect(Math.max(...gains) - Math.min(...gains)).toBeLessThan(1);
});

test("a known voice is given out at once, an unknown one after a moment", () => {
  const piece = () => babble(0.05, 0.2);
  const known = new Leveller({ sampleRate: RATE, level: { lufs: -20, ms: 5000 } });
  expect(known.push(piece())).toHaveLength(1200);
  const unknown = new Leveller({ sampleRate: RATE });
  expect([1, 2, 3, 4].map(() => unknown.push(piece()).length)).toEqual([0, 0, 0, 4800]);
});

test("who is louder than expected is turned down over seconds, without a jump", () => {
  const sound = babble(6, 0.5);
  const out = level(sound, { level: { lufs: lufsOf(sound) - 6, ms: 20_000 } });
  const gains = gainsOf(sound, out);
  const steps = gains.slice(1).map((gain, i) => Math.abs(gain - (gains[i] as number)));
  expect(Math.max(...steps)).toBeLessThan(1.5);
  expect((gains[0] as number) - (gains.at(-1) as number)).toBeWithin(3, 6);
});

test("what was learnt of a voice is handed on, and the newer weighs more where the older is long ago", () => {
  const sound = babble(4, 0.1);
  const first = new Leveller({ sampleRate: RATE });
  through(first, sound);
  expect(first.level?.lufs).toBeCloseTo(lufsOf(sound), 1);
  let known: VoiceLevel | undefined = { lufs: -40, ms: 1e6 };
  for (let sentence = 0; sentence < 20; sentence++) {
    const next = new Leveller({ sampleRate: RATE, level: known });
    through(next, sound);
    known = next.level;
  }
  expect(known?.lufs).toBeCloseTo(lufsOf(sound), 0);
});

test("silence stays silence and teaches nothing", () => {
  const stage = new Leveller({ sampleRate: RATE, level: { lufs: -30, ms: 2000 } });
  const silence = new Float32Array(RATE);
  expect(through(stage, silence)).toEqual(silence);
  expect(stage.level).toEqual({ lufs: -30, ms: 2000 });
});

test("hiss is not made speech", () => {
  const hiss = babble(2, 0.0003);
  expect(Math.max(...gainsOf(hiss, level(hiss, { level: { lufs: -80, ms: 9000 } })))).toBeLessThan(40.1);
});

test("how the sound is cut makes no difference", () => {
  const sound = joinPcm([babble(0.4, 0.5), new Float32Array(5000), babble(0.5, 0.03)]);
  for (const listenMs of [0, 700]) {
    const whole = level(sound, { listenMs }, [sound.length]);
    expect(whole.length).toBe(sound.length);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 6 }), (lengths) => {
        expect(level(sound, { listenMs }, lengths)).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  }
});
