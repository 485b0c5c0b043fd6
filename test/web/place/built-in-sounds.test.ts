import { expect, test } from "bun:test";
import { LoudnessMeter } from "../../../src/core/dsp/loudness.ts";
import { BUILT_IN_BEDS } from "../../../src/core/protocol/sounds.ts";
import { builtInBed, builtInHit } from "../../../src/web/place/built-in-sounds.ts";
import { SOUND_RATE, SoundClip, SoundLoop } from "../../../src/web/place/sound-loop.ts";
import { soundMessageOf } from "../../../src/web/place/told-sounds.ts";

/** SHA-1 of their samples: another browser, or another version of this, would be out of tune with the others at a table. */
const HASHES: Readonly<Record<string, string>> = {
  wind: "5d9c5057c620425720fae9f428669bfdc561e1b7",
  rain: "0aa571dbaad5682c8a5684ef7bf00572eb02b27b",
  fire: "6f9ad405fab7262c124f9af25f3131a645447278",
  sea: "252efe38d36a47515ac0188a2fc4820d4a3200ae",
};

function lufsOf(sound: Float32Array): number {
  const meter = new LoudnessMeter(SOUND_RATE);
  meter.push(sound);
  return meter.lufs ?? Number.NEGATIVE_INFINITY;
}

/** The steepest step between two samples. */
function steepest(sound: ArrayLike<number>, from: number, to: number): number {
  let most = 0;
  for (let i = from + 1; i < to; i++)
    most = Math.max(most, Math.abs((sound[i] as number) - (sound[i - 1] as number)));
  return most;
}

test.each([...BUILT_IN_BEDS])(
  "%s is at −23 LUFS, does not clip, and goes round without a seam",
  async (name) => {
    const made = (await builtInBed(name)) ?? new Float32Array(0);
    const peak = made.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    console.log(`${name}: ${lufsOf(made).toFixed(1)} LUFS, peak ${peak.toFixed(2)}`);
    expect(lufsOf(made)).toBeWithin(-23.5, -22.5);
    expect(peak).toBeLessThan(0.9);
    const loop = new SoundLoop(new SoundClip(made), true);
    const round = Float32Array.from({ length: loop.length + 2_400 }, (_, i) => loop.at(i));
    const seam = steepest(round, loop.length - 3, loop.length + 3);
    const usual = steepest(round, 0, loop.length - 10);
    expect(seam).toBeLessThan(usual);
    // Beside the seam it is as loud as elsewhere.
    const around = round.slice(loop.length - 2_400);
    expect(around.reduce((sum, sample) => sum + sample * sample, 0)).toBeGreaterThan(0);
  },
);

test.each([...BUILT_IN_BEDS])("%s is the same samples wherever it is made", async (name) => {
  const hash = (sound: Float32Array | undefined): string =>
    new Bun.CryptoHasher("sha1").update(new Uint8Array((sound ?? new Float32Array(0)).buffer)).digest("hex");
  const own = hash(await builtInBed(name));
  expect(hash(await builtInBed(name))).toBe(own);
  expect(HASHES[name]).toBe(own);
});

test("there is no other bed, whatever it is called", async () => {
  for (const name of ["", "dice", "constructor", "__proto__", "toString"])
    expect(await builtInBed(name)).toBeUndefined();
});

test("each throw of dice is another, as loud as knocks are without clipping, and the same for the same seed", () => {
  const throws = [1, 2, 3].map((seed) => builtInHit("dice", seed) ?? new Float32Array(0));
  expect(builtInHit("dice", 1)).toEqual(throws[0] as Float32Array);
  expect(throws[1]).not.toEqual(throws[0] as Float32Array);
  for (const sound of throws) {
    console.log(`dice: ${lufsOf(sound).toFixed(1)} LUFS`);
    expect(lufsOf(sound)).toBeWithin(-31, -18);
    const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    console.log(`dice: peak ${peak.toFixed(2)}`);
    expect(peak).toBeWithin(0.4, 0.95);
    expect(Math.abs(sound.at(-1) ?? 1)).toBeLessThan(0.001);
  }
  expect(builtInHit("door", 1)).toBeUndefined();
});

test("of what is said about the place only what makes sense is taken", () => {
  const gain = { from: 0, to: 1, at: -5, ms: 100 };
  const beds = { type: "sound.beds", at: 1, beds: [{ sound: "rain", startAt: -7, gain }], gain, duckDb: 12 };
  const hit = { type: "sound.hit", sound: "dice", gain: 1, seed: 5 };
  expect(soundMessageOf(beds)).toEqual(beds as never);
  expect(soundMessageOf({ ...hit, startAt: 3 })).toEqual({ ...hit, startAt: 3 } as never);
  for (const bad of [
    { type: "sound.cue" },
    { ...beds, beds: [{ sound: "rain", startAt: "now", gain }] },
    { ...beds, gain: { ...gain, to: -1 } },
    { ...beds, at: null },
    { ...hit, gain: Number.NaN },
    { ...hit, sound: 5 },
    { ...hit, startAt: "now" },
  ])
    expect(soundMessageOf(bad)).toBeUndefined();
});
