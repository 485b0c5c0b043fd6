import { expect, test } from "bun:test";
import { standInFor } from "../../../src/engines/services/stand-ins.ts";
import { memoryStore } from "../../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../../src/voices/voice-registry.ts";

const STAND_INS = { female: ["coral", "nova", "sage", "shimmer"], male: ["ash", "echo", "fable", "onyx"] };
const everybody = (): boolean => true;

test("the voices that a campaign begins with are told apart", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  const races = ["human", "dwarf", "elf", "halfling", "gnome", "half-orc", "tiefling"];
  for (const gender of ["female", "male"] as const) {
    const names = races.map((race) => {
      const { voiceId } = registry.getNpcVoice("somebody", { race, gender });
      return standInFor(voiceId, STAND_INS, everybody) ?? "nobody";
    });
    expect(names.filter((name) => !STAND_INS[gender].includes(name))).toEqual([]);
    expect(new Set(names).size).toBeGreaterThan(2);
  }
});

test("who is not there is stood in for, and the others keep their voice", () => {
  const ids = Array.from({ length: 40 }, (_, index) => `af_${index}`);
  const before = ids.map((id) => standInFor(id, STAND_INS, everybody));
  const after = ids.map((id) => standInFor(id, STAND_INS, (name) => name !== "nova"));
  expect(before).toContain("nova");
  for (const [index, name] of before.entries()) {
    if (name === "nova") expect(STAND_INS.female).toContain(after[index] ?? "");
    else expect(after[index]).toBe(name);
  }
  expect(standInFor("af_1", STAND_INS, () => false)).toBeUndefined();
  expect(standInFor("en-us+croak", STAND_INS, everybody)).toBeUndefined();
});
