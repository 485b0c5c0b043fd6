import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { castVoice } from "../../src/voices/cast.ts";
import { archetypeNames, nameKey } from "../../src/voices/registry-keys.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { plainVoice } from "../../src/voices/voice-config.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";

const open = (keys: readonly string[]) =>
  VoiceRegistry.open(
    memoryStore(
      `dm_voice: narrator\nnpc_defaults: {${keys.map((key) => ` ${JSON.stringify(key)}: ${JSON.stringify(key)} `)}}`,
    ),
  );

test.each([
  ["non_binary", "elf", "non_binary_elf"],
  ["Non-Binary", "Elf", "non_binary_elf"],
  ["non binary", "elf", "non-binary_elf"],
  ["non_binary", "half_elf", "non_binary_half_elf"],
  ["non_binary", "gnome", "non_binary_*"],
  ["non_binary", undefined, "non-binary_*"],
  ["gender_fluid", "gnome", "Gender Fluid_default"],
  ["female", "half_elf", "female_half_elf"],
  ["female", "Half-Elf", "female_half elf"],
  ["female", "half elf", "half-elf_female"],
  ["other", "half_elf", "*_half_elf"],
  [undefined, "half_elf", "*_half-elf"],
  [undefined, "half_elf", "half_elf_*"],
  ["third_gender_of_the_deep", "yuan_ti_pure_blood", "third_gender_of_the_deep_yuan-ti pure-blood"],
])("%p, %p finds %s", async (gender, race, key) => {
  const registry = await open(["male_elf", key]);
  expect(registry.getNpcVoice("x", { gender, race }).voiceId).toBe(key);
  expect(registry.getNpcVoice("x", { gender: "male", race: "elf" }).voiceId).toBe("male_elf");
  expect(registry.getNpcVoice("x", { gender: "binary", race: "elf_half" }).voiceId).toBe("narrator");
});

test("who fits best comes first: gender and race, then the gender, then the race", async () => {
  const keys = ["*_half_elf", "non_binary_default", "non_binary_*", "non_binary_half_elf"];
  while (keys.length > 0) {
    const registry = await open(keys);
    const best = keys.pop() as string;
    expect(registry.getNpcVoice("x", { gender: "Non-Binary", race: "Half Elf" }).voiceId).toBe(best);
  }
});

test("any gender and any race find their key, however either is written", async () => {
  const word = fc.stringMatching(/^[a-zé]{1,8}$/);
  const trait = fc.array(word, { minLength: 1, maxLength: 4 });
  const joints = fc.constantFrom("_", "-", " ", "  ", "–");
  await fc.assert(
    fc.asyncProperty(
      trait,
      trait,
      joints,
      joints,
      fc.boolean(),
      async (gender, race, one, other, isUpper) => {
        const written = (words: readonly string[], joint: string): string =>
          isUpper ? words.join(joint).toUpperCase() : words.join(joint).normalize("NFD");
        const registry = await open([`${gender.join(one)}_${race.join(one)}`]);
        const traits = { gender: written(gender, other), race: written(race, other) };
        expect(registry.getNpcVoice("x", traits).voiceId).not.toBe("narrator");
      },
    ),
    { numRuns: 200 },
  );
});

test("the voices a campaign starts with are found however a race is written", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  const voices = ["half-orc", "half_orc", "Half Orc", "HALF-ORC"].map((race) =>
    registry.getNpcVoice("x", { gender: "Female", race }),
  );
  expect(voices[0]?.voiceId).toBe("en-us+f4");
  for (const voice of voices) expect(voice).toEqual(voices[0] as never);
});

test("the cast does not depend on how gender and race are written", () => {
  const voices = ["non_binary", "Non-Binary", "non binary"].flatMap((gender) =>
    ["half_elf", "Half-Elf", "half elf"].map((race) =>
      castVoice(plainVoice("en-us"), { name: "Zoe", gender, race }),
    ),
  );
  for (const voice of voices) expect(voice).toEqual(voices[0] as never);
});

test("in lists a key is cut after the longest gender there is", () => {
  expect(
    archetypeNames([
      "male_human",
      "male_half-orc",
      "female_half_elf",
      "non_binary_elf",
      "Deep_One_*",
      "deep_one_half_elf",
      "half_elf_female",
      "*_yuan_ti",
      "male",
      "dwarf",
      "female_default",
    ]),
  ).toEqual([
    "male_human",
    "male_half-orc",
    "female_half-elf",
    "non-binary_elf",
    "deep-one_*",
    "deep-one_half-elf",
    "female_half-elf",
    "*_yuan-ti",
    "male_*",
    "*_dwarf",
    "female_default",
  ]);
});

describe("names", () => {
  test.each(["old_mara", "Old Mara", " OLD-MARA ", "old  mara"])("%j is Old Mara", (name) => {
    expect(nameKey(name)).toBe("old mara");
  });

  test("one name in one code point or two, and names of nothing but hyphens", () => {
    expect(nameKey("Zoe\u0308")).toBe(nameKey("Zo\u00eb"));
    expect(nameKey("---")).toBe("---");
    expect(nameKey("  ")).toBe("");
  });
});
