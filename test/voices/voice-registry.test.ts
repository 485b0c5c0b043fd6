import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore } from "../../src/voices/text-store.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";

const folder = mkdtempSync(join(tmpdir(), "bardcast-voices-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = `# our table
version: 1
default_language: en-GB
dm_voice: { voice_id: narrator }
combat_voice: { voice_id: shouter } # loud
npc_defaults:
  Male_Dwarf: { voice_id: md }
  "female_half orc": { voice_id: fho }
  male_*: { voice_id: m }
  female_default: { voice_id: f }
  "*_elf": { voice_id: e }
npc_overrides:
  Old Mara: { voice: mara, speed: "1.5", pitch: "-3", output_format: flac, engine: espeak, voice_design: old }
  constructor: plain
`;

const open = async (text: string) => {
  const log: string[] = [];
  const store = memoryStore(text);
  const registry = await VoiceRegistry.open(store, { log: (message) => log.push(message) });
  return { registry, log, store };
};

test.each([
  ["dm", "narrator"],
  ["Combat", "shouter"],
  [" old mara ", "mara"],
  ["nobody", "narrator"],
  ["constructor", "plain"],
  ["toString", "narrator"],
  ["__proto__", "narrator"],
])("%j speaks with the voice %s", async (speaker, voiceId) => {
  const { registry } = await open(file);
  expect(registry.getVoiceConfig(speaker).voiceId).toBe(voiceId);
});

test.each([
  ["an own voice comes first", "Old Mara", { gender: "male", race: "dwarf" }, "mara"],
  ["then gender and race", "x", { gender: " MALE ", race: "Dwarf" }, "md"],
  ["a race of two words is one race", "x", { gender: "female", race: "Half-Orc" }, "fho"],
  ["then any race of the gender", "x", { gender: "male", race: "gnome" }, "m"],
  ["then the gender's default", "x", { gender: "female", race: "gnome" }, "f"],
  ["a race alone picks the archetype of any gender", "x", { race: "elf" }, "e"],
  ["an unknown gender falls through to the race", "x", { gender: "other", race: "elf" }, "e"],
  ["an unknown race and gender fall to the DM", "x", { gender: "other", race: "gnome" }, "narrator"],
  ["nothing known is the DM", "x", {}, "narrator"],
  ["empty fields are missing fields", "x", { gender: " ", race: "" }, "narrator"],
])("%s", async (_rule, name, traits, voiceId) => {
  const { registry } = await open(file);
  expect(registry.getNpcVoice(name, traits).voiceId).toBe(voiceId);
});

test("fields are read as people write them", async () => {
  const { registry, log } = await open(file);
  expect(registry.getVoiceConfig("old mara")).toEqual({
    voiceId: "mara",
    language: "en-gb",
    speed: 1.5,
    pitch: -3,
    outputFormat: "wav",
    extra: { engine: "espeak", voice_design: "old" },
  });
  expect(log).toEqual([]);
});

test("without a file a default one is written, and everybody in it can be told apart by name", async () => {
  const campaign = join(folder, "new", "campaign");
  const registry = await VoiceRegistry.open(campaign);
  const text = readFileSync(join(campaign, "voice_registry.yaml"), "utf8");
  expect(text).toContain("# Who sounds like what");
  expect(registry.listArchetypes()).toHaveLength(18);
  const voices = registry.listArchetypes().map((key) => {
    const [gender = "", race = ""] = key.split("_");
    return JSON.stringify(registry.getNpcVoice("x", { gender, race: race === "*" ? "stranger" : race }));
  });
  expect(new Set(voices).size).toBe(18);
  expect(registry.problem).toBeUndefined();
});

test("saving keeps comments, order and the file's mode, and leaves nothing beside it", async () => {
  const campaign = mkdtempSync(join(folder, "save-"));
  const path = join(campaign, "voice_registry.yaml");
  writeFileSync(path, file);
  chmodSync(path, 0o600);
  const registry = await VoiceRegistry.open(campaign);
  registry.setNpcVoice("Old Mara", { voice_id: "mara2", pitch: 2 });
  registry.setNpcVoice("Grok", { voice_id: "grok", speed: 0.8 });
  registry.setArchetypeDefault("male_dwarf", "md2");
  expect(registry.removeNpcVoice("constructor")).toBe(true);
  expect(registry.removeNpcVoice("constructor")).toBe(false);
  await Promise.all([registry.save(), registry.save()]);
  const text = readFileSync(path, "utf8");
  expect(text).toStartWith("# our table\nversion: 1\n");
  expect(text).toContain("# loud");
  expect(text.indexOf("Old Mara")).toBeLessThan(text.indexOf("Grok"));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(campaign)).toEqual(["voice_registry.yaml"]);
  const again = await VoiceRegistry.open(campaign);
  expect(again.getVoiceConfig("old mara")).toMatchObject({ voiceId: "mara2", pitch: 2, speed: 1 });
  expect(again.getVoiceConfig("grok")).toMatchObject({ voiceId: "grok", speed: 0.8 });
  expect(again.getNpcVoice("x", { gender: "male", race: "dwarf" }).voiceId).toBe("md2");
  expect(again.listOverrides()).toEqual(["Old Mara", "Grok"]);
});

test("the default file takes its first NPC", async () => {
  const store = memoryStore();
  const registry = await VoiceRegistry.open(store);
  registry.setNpcVoice("Grok", "en-us+croak");
  await registry.save();
  expect((await VoiceRegistry.open(store)).getVoiceConfig("grok").voiceId).toBe("en-us+croak");
});

test("dm and combat are nobody's name", async () => {
  const { registry } = await open(file);
  for (const name of ["DM", " combat ", ""]) {
    expect(() => registry.setNpcVoice(name, "x")).toThrow(expect.objectContaining({ code: "bad-request" }));
  }
});

const bomb = `a: &a [x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]
npc_defaults: { male_elf: { extra: [*c,*c,*c,*c,*c,*c,*c,*c,*c] } }
`;

test.each([
  ["a syntax error", "version: 1\nnpc_defaults:\n  a: [b\nc: d: e", /line [34], column \d+/],
  ["a list", "- a\n- b", /line 1, column 1/],
  ["a section of the wrong type", "version: 1\nnpc_overrides: 7", /line 2, column 16/],
  ["a key twice", "version: 1\nversion: 2", /line 2, column 1/],
  ["an alias bomb", bomb, /line 4, column \d+/],
  ["endless nesting", `npc_defaults: ${"[".repeat(50_000)}`, /line \d+, column \d+/],
  ["a file of a megabyte", `# ${"x".repeat(1024 * 1024)}`, /line 1, column 1/],
])(
  "%s: the error names the place, the defaults are used, and the file is left as it was",
  async (_what, text, place) => {
    const { registry, log, store } = await open(text);
    expect(registry.problem).toMatchObject({
      code: "registry-invalid",
      message: expect.stringMatching(place),
    });
    expect(log).toHaveLength(1);
    expect(registry.listArchetypes()).toHaveLength(18);
    await expect(registry.save()).rejects.toMatchObject({ code: "registry-invalid" });
    expect(await store.read()).toBe(text);
  },
);

test("one bad entry is named with its place and passed over, the rest is used", async () => {
  const { registry, log } = await open("dm_voice: narrator\nnpc_overrides:\n  a: [x]\n  b: good\n  c:\n");
  expect(log).toEqual([
    "memory: line 3, column 3: a is passed over: it is no voice",
    "memory: line 5, column 3: c is passed over: it is no voice",
  ]);
  expect(registry.getVoiceConfig("a").voiceId).toBe("narrator");
  expect(registry.getVoiceConfig("b").voiceId).toBe("good");
});

test("pitch written in Hz for Edge-TTS becomes semitones, and that is said once", async () => {
  const { registry, log } = await open(`
dm_voice: { voice: en-GB-RyanNeural, engine: edge-tts, pitch: -40, speed: "+10%" }
npc_overrides:
  mara: { voice: en-US-AriaNeural, engine: edge-tts, pitch: "+35Hz" }
  grok: { voice: x, pitch: -4 }
`);
  expect(registry.getVoiceConfig("dm")).toMatchObject({ pitch: -7, speed: 1.1 });
  expect(registry.getVoiceConfig("mara").pitch).toBe(2.7);
  expect(registry.getVoiceConfig("grok").pitch).toBe(-4);
  expect(log).toHaveLength(1);
  expect(log[0]).toContain("2 voices written for Edge-TTS");
});

test("a reading that a save has overtaken takes nothing back", async () => {
  const { store } = await open(file);
  let overtaken: Promise<void> | undefined;
  const slow = {
    ...store,
    async read() {
      const text = await store.read();
      await overtaken;
      return text;
    },
  };
  const registry = await VoiceRegistry.open(slow);
  let written: (() => void) | undefined;
  overtaken = new Promise((resolve) => {
    written = resolve;
  });
  const refreshed = registry.refresh();
  await Bun.sleep(0);
  registry.setNpcVoice("Bree", "bree");
  await registry.save();
  written?.();
  await refreshed;
  expect(registry.getVoiceConfig("Bree").voiceId).toBe("bree");
});

test("a file that could not be read again is not written", async () => {
  const { registry, store } = await open(file);
  const notes = "x".repeat(4_000);
  for (let n = 0; n < 265; n++) registry.setCharacter(`npc ${n}`, { notes });
  expect(await registry.save().catch(({ code }) => code)).toBe("registry-unsaved");
  expect(await store.read()).toBe(file);
});
