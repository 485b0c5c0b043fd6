import { expect, test } from "bun:test";
import { fliteVoice } from "../../src/engines/flite/flite-voices.ts";
import type { NpcTraits } from "../../src/voices/npc-traits.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { genderOf } from "../../src/voices/voice-gender.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";

test("whoever is cast is a man or a woman to every engine that speaks in their place, and no machine", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  const cast = (traits: NpcTraits): string[] =>
    Array.from({ length: 300 }, (_, i) => registry.getCastVoice(`npc ${i}`, traits)?.voiceId ?? "");
  for (const race of ["human", "dwarf", "elf", "orc"]) {
    const [women, men] = [cast({ race, gender: "female" }), cast({ race, gender: "male" })];
    expect(new Set(women.map(genderOf))).toEqual(new Set(["female"]));
    expect(new Set(women.map(fliteVoice))).toEqual(new Set(["slt"]));
    expect(new Set(men.map(genderOf))).toEqual(new Set(["male"]));
    expect(men.map(fliteVoice)).not.toContain("kal16");
  }
});

test.each([
  ["en-us+f3", "female"],
  ["EN-GB+Alicia", "female"],
  ["en-gb-scotland+m7", "male"],
  ["it+marco", "male"],
  ["en-us+croak", undefined],
  ["en-us+whisperf", undefined],
  ["en-us", undefined],
  ["af_heart", "female"],
  ["bm_george", "male"],
  ["expr-voice-2-f", "female"],
  ["expr-voice-2-m", "male"],
  ["en-US-JennyNeural", "female"],
  ["", undefined],
])("by its name, %p is %p", (voiceId, gender) => {
  expect(genderOf(voiceId)).toBe(gender as never);
});
