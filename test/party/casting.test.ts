import { expect, test } from "bun:test";
import { VoiceResolver } from "../../src/party/request/voice-resolver.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { plainVoice } from "../../src/voices/voice-config.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";
import { setTable } from "../support/table.ts";

const DWARF = { race: "dwarf", gender: "male" };

test("two dwarves nobody configured speak in two voices, the same each time, whoever speaks first", async () => {
  const [table, again] = [await setTable(), await setTable()];
  for (const { join } of [table, again]) join("elara");
  await table.streams.streamNpcToAll("Ho!", "Balin", DWARF);
  await table.streams.streamNpcToPlayer("elara", "Ho!", "Dwalin", DWARF);
  await again.streams.streamNpcToAll("Ho!", "Dwalin", DWARF);
  await again.streams.streamNpcToAll("Ho!", "Balin", DWARF);
  const [balin, dwalin] = table.engine.voices;
  expect(balin).not.toEqual(dwalin);
  expect(balin?.language).toBe("en-gb-scotland");
  expect(again.engine.voices).toEqual([dwalin, balin] as never);
});

test("a table that casts nobody speaks as the registry says", async () => {
  const { engine, streams, join } = await setTable({ streams: { cast: false } });
  join("elara");
  await streams.streamNpcToAll("Ho!", "Balin", DWARF);
  await streams.streamToAll("Ho!", { speaker: "Balin" });
  const registry = await VoiceRegistry.open(memoryStore());
  expect(engine.voices).toEqual([registry.getNpcVoice("Balin", DWARF), registry.getVoiceConfig("dm")]);
});

test("a registry of one's own that cannot cast is asked as before", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  const { engine, streams, join } = await setTable({
    streams: {
      registry: {
        getVoiceConfig: (speaker) => registry.getVoiceConfig(speaker),
        getNpcVoice: (name, traits) => registry.getNpcVoice(name, traits),
      },
    },
  });
  join("elara");
  await streams.streamNpcToAll("Ho!", "Balin", DWARF);
  expect(engine.voices).toEqual([registry.getNpcVoice("Balin", DWARF)]);
});

test("a registry that changes a voice in place changes lines to come, not the one that is being said", () => {
  const voice = { ...plainVoice("en"), extra: { effects: ["cave"] } };
  const voices = new VoiceResolver({ getVoiceConfig: () => voice, getNpcVoice: () => voice }, false);
  const first = voices.voiceOf("dm", {});
  const second = voices.voiceOf("dm", {});
  voice.extra.effects.push("giant");
  const third = voices.voiceOf("dm", {});
  expect(second).toBe(first);
  expect(first.extra.effects).toEqual(["cave"]);
  expect(third.extra.effects).toEqual(["cave", "giant"]);
});

test("the DM, combat and whoever has a voice of their own are not cast", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  registry.setNpcVoice("Old Mara", { voice_id: "en-us+f3", pitch: 2 });
  const voices = new VoiceResolver(registry, true);
  for (const name of ["dm", "combat", "old mara"]) {
    expect(voices.voiceOf(name, {})).toEqual(registry.getVoiceConfig(name));
    expect(voices.voiceOf(name, { npc: DWARF })).toEqual(registry.getNpcVoice(name, DWARF));
  }
});

test("who names a voice gets that one; who changes a cast voice changes only what they name", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  const voices = new VoiceResolver(registry, true);
  const archetype = registry.getNpcVoice("Balin", DWARF);
  const cast = voices.voiceOf("Balin", { npc: DWARF });
  expect(voices.voiceOf("Balin", { npc: DWARF, voice: "en-us+f1" })).toEqual({
    ...archetype,
    voiceId: "en-us+f1",
  });
  expect(voices.voiceOf("Balin", { npc: DWARF, voice: { pitch: 3 } })).toEqual({ ...cast, pitch: 3 });
});

test("who brings a whole voice, or says so, keeps nothing of the speaker's", async () => {
  const registry = await VoiceRegistry.open(memoryStore());
  registry.setNpcVoice("Old Mara", { voice_id: "en-us+f3", pitch: 2, effects: "cave", engine: "edge" });
  const whole = registry.getVoiceConfig("combat");
  const { engine, streams, join } = await setTable({ streams: { registry } });
  join("elara");
  const said = async (voice: unknown) => {
    await streams.streamToAll("Ho!", { speaker: "old_mara", voice });
    return engine.voices.at(-1);
  };
  expect(await said({ speed: 1.5 })).toEqual({ ...registry.getVoiceConfig("old mara"), speed: 1.5 });
  expect(await said(whole)).toEqual(whole);
  expect(await said({ ...whole, replace: true })).toEqual(whole);
  expect(await said({ voice_id: "en-us+f4", replace: true })).toEqual({
    ...plainVoice("en-us"),
    voiceId: "en-us+f4",
  });
  await streams.streamToAll("[voice old_mara]Ho!", { voice: { effects: "radio", speed: 2 } });
  expect(engine.voices.at(-1)).toEqual(registry.getVoiceConfig("Old Mara"));
});

test("somebody named without race and gender speaks as they did before", async () => {
  const voices = new VoiceResolver(await VoiceRegistry.open(memoryStore()), true);
  const stranger = voices.voiceNamed("Balin");
  const balin = voices.voiceOf("Balin", { npc: DWARF });
  expect(stranger).not.toEqual(balin);
  voices.remember("Balin", DWARF);
  expect(voices.voiceNamed(" balin")).toEqual(balin);
  expect(voices.voiceOf("balin", {})).toEqual(balin);
  for (let index = 0; index < 1000; index++) voices.remember(`npc ${index}`, DWARF);
  expect(voices.voiceNamed("Balin")).toEqual(stranger);
});
