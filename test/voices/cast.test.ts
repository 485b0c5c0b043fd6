import { expect, test } from "bun:test";
import { createEspeakEngine } from "../../src/engines/espeak/espeak.ts";
import { CAST_PITCH, CAST_SPEED, castVoice } from "../../src/voices/cast.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { plainVoice, type VoiceConfig } from "../../src/voices/voice-config.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";
import { heardOf } from "../support/heard.ts";
import { semitonesBetween, spectralDistance, timbreOf } from "../support/timbre.ts";

const dwarf: VoiceConfig = {
  ...plainVoice("en-gb-scotland"),
  voiceId: "en-gb-scotland+m7",
  speed: 0.9,
  pitch: -5,
};
const DWARVES =
  "Dwalin Balin Kili Fili Dori Nori Ori Oin Gloin Bifur Bofur Bombur Thorin Durin Gimli Dain Thrain Thror Nain Borin".split(
    " ",
  );
const LINE = "The dragon roars, and the walls of the old keep tremble.";
const asDwarf = (name: string) => castVoice(dwarf, { name, race: "dwarf", gender: "male" });

function pairs<T>(all: readonly T[]): [T, T][] {
  return all.flatMap((one, index) => all.slice(0, index).map((other): [T, T] => [one, other]));
}

test("a cast voice is the same next week and on every machine", () => {
  expect(asDwarf("Thorin")).toEqual({
    ...dwarf,
    voiceId: "en-gb-scotland+paul",
    pitch: -2.462,
    speed: 0.985,
  });
  expect(castVoice(plainVoice("it"), { name: "Nonna Ada", gender: "female" })).toEqual({
    ...plainVoice("it"),
    voiceId: "it+shelby",
    pitch: -0.238,
    speed: 1.018,
  });
});

test.each(["old_mara", "OLD MARA", "  Old  Mara ", "old-mara"])("%p is Old Mara", (name) => {
  const mara = castVoice(dwarf, { name: "Old Mara", race: "half-orc", gender: "female" });
  expect(castVoice(dwarf, { name, race: "Half Orc", gender: "Female" })).toEqual(mara);
});

test("a cast voice keeps to its archetype: the language, about the pitch, about the speed, the sex", () => {
  for (let index = 0; index < 500; index++) {
    const { voiceId, language, pitch, speed } = asDwarf(`npc ${index}`);
    expect(language).toBe("en-gb-scotland");
    expect(voiceId).toMatch(/^en-gb-scotland\+[a-z]+\d?$/);
    expect(voiceId).not.toMatch(
      /\+(?:f\d|alicia|andrea|annie|anika|aunty|belinda|grandma|linda|steph|shelby)$/,
    );
    expect(Math.abs(pitch + 5)).toBeLessThanOrEqual(CAST_PITCH);
    expect(Math.abs(speed / 0.9 - 1)).toBeLessThanOrEqual(CAST_SPEED + 0.001);
  }
});

test("name, race and gender each make another voice", () => {
  const npc = { name: "Mara", race: "human", gender: "female" };
  const others = [{ name: "Mira" }, { race: "elf" }, { gender: "male" }, { race: undefined }];
  for (const other of others)
    expect(castVoice(dwarf, { ...npc, ...other })).not.toEqual(castVoice(dwarf, npc));
});

test("the voices are spread evenly: no variant is twice as common as it should be", () => {
  const counts = new Map<string, number>();
  for (let index = 0; index < 5800; index++) {
    const { voiceId } = asDwarf(`npc ${index}`);
    counts.set(voiceId, (counts.get(voiceId) ?? 0) + 1);
  }
  expect(counts.size).toBe(29);
  for (const count of counts.values()) expect(count).toBeWithin(140, 270);
});

test("a variant more or less leaves the others their voices", () => {
  const names = Array.from({ length: 300 }, (_, index) => `npc ${index}`);
  const taken = asDwarf("Thorin");
  for (const name of names) {
    const before = asDwarf(name);
    const after = castVoice(dwarf, { name, race: "dwarf", gender: "male" }, { apart: [taken] });
    if (before.voiceId === taken.voiceId) expect(after.voiceId).not.toBe(taken.voiceId);
    else expect(after).toEqual(before);
  }
});

test.each([
  ["another engine's voice", { voiceId: "narrator" }],
  ["a service's voice", { voiceId: "en-US-GuyNeural", language: "en-us" }],
  ["a voice of a named engine", { extra: { engine: "sherpa" } }],
  ["a variant with a character of its own", { voiceId: "en-gb-scotland+whisper" }],
])("%s keeps its id and is varied by pitch and speed", (_what, changes) => {
  const archetype = { ...dwarf, ...changes };
  const [one, other] = ["Balin", "Dwalin"].map((name) => castVoice(archetype, { name }));
  expect(one?.voiceId).toBe(archetype.voiceId);
  expect(one).not.toEqual(other);
});

test("among thousands of NPCs hardly two have the same voice, and few are near each other", () => {
  const voices = Array.from({ length: 1000 }, (_, index) => asDwarf(`npc ${index}`));
  expect(new Set(voices.map((voice) => JSON.stringify(voice))).size).toBeGreaterThan(995);
  const isNear = (one: VoiceConfig, other: VoiceConfig): boolean =>
    one.voiceId === other.voiceId &&
    Math.abs(one.pitch - other.pitch) < 1 &&
    Math.abs(one.speed / other.speed - 1) < 0.05;
  const all = pairs(voices);
  expect(all.filter(([one, other]) => isNear(one, other)).length / all.length).toBeLessThan(0.004);
});

test("twenty dwarves at one table are told apart by pitch or by timbre", async () => {
  const engine = createEspeakEngine();
  const heard = await Promise.all(
    DWARVES.map(async (name) => {
      const { samples } = await heardOf(engine, LINE, asDwarf(name));
      return timbreOf(samples, 24_000);
    }),
  );
  const apart = pairs(heard).map(([one, other]) => ({
    semitones: semitonesBetween(one, other),
    dB: spectralDistance(one, other),
  }));
  // The same voice again would be 0 and 0. A third of a semitone is heard between two tones.
  for (const { semitones, dB } of apart) expect(semitones > 0.5 || dB > 1.5).toBe(true);
  const clearly = apart.filter(({ semitones, dB }) => semitones > 2 || dB > 2);
  expect(clearly.length / apart.length).toBeGreaterThan(0.9);
});

test("a registry casts whoever has no voice, and nobody else", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  registry.setNpcVoice("Old Mara", "en-us+f3");
  const traits = { race: "dwarf", gender: "male" };
  expect(registry.getCastVoice("Thorin", traits)).toEqual(asDwarf("Thorin"));
  expect(registry.getNpcVoice("Thorin", traits)).toEqual(dwarf);
  for (const name of ["dm", "Combat ", "old mara"]) expect(registry.getCastVoice(name)).toBeUndefined();
});

test("nobody of the DM's language is cast with the DM's or the combat voice's variant", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  const cast = Array.from({ length: 2000 }, (_, index) => registry.getCastVoice(`npc ${index}`)?.voiceId);
  expect(new Set(cast).size).toBe(43);
  expect(cast).not.toContain(registry.getVoiceConfig("dm").voiceId);
});

test("a file that says so casts nobody", async () => {
  const registry = await VoiceRegistry.open(memoryStore("cast: false\ndm_voice: narrator"));
  expect(registry.getCastVoice("Thorin", { race: "dwarf" })).toBeUndefined();
});
