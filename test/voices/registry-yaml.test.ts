import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { memoryStore } from "../../src/voices/text-store.ts";
import type { VoiceConfig } from "../../src/voices/voice-config.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";

const open = async (text: string) => {
  const log: string[] = [];
  const store = memoryStore(text);
  const registry = await VoiceRegistry.open(store, { log: (message) => log.push(message) });
  return {
    registry,
    log,
    voices: () => voicesOf(registry),
    /** Saves and opens again; what is saved can be read without a word. */
    async again() {
      await registry.save();
      const saved = (await store.read()) ?? "";
      const again: string[] = [];
      const reopened = await VoiceRegistry.open(store, { log: (message) => again.push(message) });
      return { registry: reopened, saved, log: again, voices: () => voicesOf(reopened) };
    },
  };
};

function voicesOf(registry: VoiceRegistry): Record<string, VoiceConfig> {
  return Object.fromEntries(
    registry.listOverrides().map((name): [string, VoiceConfig] => [name, registry.getVoiceConfig(name)]),
  );
}

const merged = `# our table
dm_voice: narrator
shared:
  gruff: &gruff { voice_id: en-us+m7, speed: 0.8, pitch: -6, effects: [cave] } # as bears
  fey: &fey { voice_id: en-us+f3, engine: espeak, pitch: 4 }
npc_overrides:
  # the villains
  mara: { <<: *gruff, pitch: 5 }
  bob: *gruff
  pip:
    <<: [*fey, *gruff] # a bit of both
    language: it
  id: &id en-us+whisper
  echo: *id
`;

test("what a voice merges or refers to is its own, and what it says itself comes first", async () => {
  const { registry, log } = await open(merged);
  expect(registry.getVoiceConfig("mara")).toMatchObject({ voiceId: "en-us+m7", speed: 0.8, pitch: 5 });
  expect(registry.getVoiceConfig("bob")).toMatchObject({
    speed: 0.8,
    pitch: -6,
    extra: { effects: ["cave"] },
  });
  expect(registry.getVoiceConfig("pip")).toMatchObject({
    voiceId: "en-us+f3",
    language: "it",
    pitch: 4,
    speed: 0.8,
    extra: { engine: "espeak", effects: ["cave"] },
  });
  expect(registry.getVoiceConfig("echo").voiceId).toBe("en-us+whisper");
  expect(log).toEqual([]);
});

test("whole sections may be merged or referred to", async () => {
  const { registry, again } = await open(`
villains: &villains { mara: witch, grok: orc }
npc_defaults: *villains
npc_overrides:
  <<: *villains
  grok: own
`);
  expect(registry.getVoiceConfig("mara").voiceId).toBe("witch");
  expect(registry.getVoiceConfig("grok").voiceId).toBe("own");
  registry.setArchetypeDefault("male_elf", "elf");
  expect(registry.removeNpcVoice("mara")).toBe(true);
  expect(registry.removeNpcVoice("grok")).toBe(true);
  registry.setNpcVoice("bob", "bob");
  const saved = await again();
  expect(saved.log).toEqual([]);
  expect(saved.registry.listOverrides()).toEqual(["bob"]);
  expect(saved.registry.getNpcVoice("x", { race: "mara" }).voiceId).toBe("witch");
  expect(saved.registry.getNpcVoice("x", { race: "elf", gender: "male" }).voiceId).toBe("elf");
});

const tangled = `# our table
npc_overrides:
  mara: &gruff { voice_id: en-us+m7, pitch: -6, effects: &fx [cave] } # the witch
  # in the tavern
  bob: *gruff
  pip: { <<: *gruff, pitch: 2 } # small
  tom: { <<: [*gruff], speed: 2 }
  ann: { voice_id: a, effects: *fx }
`;

describe("an entry that others refer to", () => {
  test.each<[string, (registry: VoiceRegistry) => void]>([
    ["is set", (registry) => registry.setNpcVoice("mara", { voice_id: "new", pitch: 9 })],
    ["is set to a name", (registry) => registry.setNpcVoice("mara", "new")],
    ["is removed", (registry) => registry.removeNpcVoice("mara")],
    [
      "is set, and removed after the first that referred to it",
      (registry) => {
        registry.setNpcVoice("mara", "new");
        registry.removeNpcVoice("bob");
        registry.setNpcVoice("pip", { voice_id: "new pip" });
        registry.removeNpcVoice("mara");
      },
    ],
  ])("%s without a change for them, and is saved", async (_what, change) => {
    const { registry, voices, again } = await open(tangled);
    const before = voices();
    change(registry);
    const after = voices();
    const saved = await again();
    expect(saved.log).toEqual([]);
    expect(saved.voices()).toEqual(after);
    for (const name of ["tom", "ann"]) expect(saved.voices()[name]).toEqual(before[name] as VoiceConfig);
    expect(saved.saved).toStartWith("# our table\n");
    expect(saved.saved).toContain("# small");
    for (const name of Object.keys(after)) registry.removeNpcVoice(name);
    expect((await again()).registry.listOverrides()).toEqual([]);
  });

  test("whatever is set and removed, in any order, is saved, and nobody else is changed", async () => {
    const names = ["mara", "bob", "pip", "tom", "ann", "zoe"];
    const step = fc.record({
      name: fc.constantFrom(...names),
      voice: fc.option(
        fc.record({ voice_id: fc.constantFrom("x", "y"), pitch: fc.integer({ min: -3, max: 3 }) }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 8 }),
        fc.constantFrom(tangled, merged),
        async (steps, text) => {
          const { registry, voices, again } = await open(text);
          for (const { name, voice } of steps) {
            const before = voices();
            if (voice) registry.setNpcVoice(name, voice);
            else registry.removeNpcVoice(name);
            const saved = await again();
            expect([saved.voices(), saved.log]).toEqual([voices(), []]);
            for (const other of Object.keys(before))
              if (other !== name) expect(saved.voices()[other]).toEqual(before[other] as VoiceConfig);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

test("of an entry that is set, the comments and the spelling of what stays are kept", async () => {
  const { registry, again } = await open(`
npc_overrides:
  # the witch of the marsh
  mara:
    # found by ear
    voice: en-us+f3 # raspy
    speed: 0.9 # slow
    mood: grim
  bob: &b x # a friend
`);
  registry.setNpcVoice("Mara", { voice_id: "en-us+f4", speed: 0.9, pitch: -2 });
  registry.setNpcVoice("bob", { voice_id: "y" });
  const { saved } = await again();
  expect(saved).toBe(
    `
npc_overrides:
  # the witch of the marsh
  mara:
    # found by ear
    voice: en-us+f4 # raspy
    speed: 0.9 # slow
    pitch: -2
  bob: { voice_id: y } # a friend
`.slice(1),
  );
});

test("names and numbers are kept as they are written", async () => {
  const names = [
    "007",
    "7",
    "1e3",
    "yes",
    "no",
    "null",
    "~",
    "0x1F",
    "1_000",
    "2024-01-01",
    "true",
    ".inf",
    "1.0",
  ];
  const lines = names.map((name) => `  ${name}: { voice_id: ${name}, speed: 1.50, n: 1e1 }`);
  const { registry, log, again } = await open(`npc_overrides:\n${lines.join("\n")}\n`);
  expect(log).toEqual([expect.stringContaining("null: voice_id"), expect.stringContaining("~: voice_id")]);
  expect(registry.listOverrides()).toEqual(names);
  for (const name of names.filter((each) => each !== "~" && each !== "null"))
    expect(registry.getVoiceConfig(name).voiceId).toBe(name);
  registry.setNpcVoice("1e1", "new");
  registry.setNpcVoice("<<", "merged");
  registry.setNpcVoice("007", { voice_id: "1e5", speed: 2 });
  const saved = await again();
  expect(saved.registry.listOverrides()).toEqual([...names, "1e1", "<<"]);
  expect(saved.saved).toContain("{ voice_id: 0x1F, speed: 1.50, n: 1e1 }");
  for (const name of [...names.slice(1), "1e1"])
    expect(saved.registry.getVoiceConfig(name)).toEqual(registry.getVoiceConfig(name));
  expect(saved.registry.getVoiceConfig("007")).toMatchObject({ voiceId: "1e5", speed: 2 });
  expect(saved.registry.getVoiceConfig("<<").voiceId).toBe("merged");
});

test("a name is found however it is written, exactly so first, and shown as it is written", async () => {
  const text = `npc_overrides:\n  old_mara: a\n  Zoe\u0308: b\n  Half Tom: c\n`;
  const { registry, log, again } = await open(text);
  for (const name of ["Old Mara", "old_mara", "OLD-MARA"]) {
    expect(registry.getVoiceConfig(name).voiceId).toBe("a");
    expect(registry.getNpcVoice(name, { race: "elf" }).voiceId).toBe("a");
    expect(registry.getCastVoice(name)).toBeUndefined();
  }
  expect(registry.getVoiceConfig("Zo\u00eb").voiceId).toBe("b");
  expect(registry.getVoiceConfig("half_tom").voiceId).toBe("c");
  expect(registry.listOverrides()).toEqual(["old_mara", "Zo\u00eb", "Half Tom"]);
  expect(log).toEqual([]);
  registry.setNpcVoice("Old Mara", "d");
  registry.setNpcVoice("ZO\u00cb", "e");
  expect(registry.removeNpcVoice("half-tom")).toBe(true);
  const saved = await again();
  expect(saved.registry.listOverrides()).toEqual(["old_mara", "Zo\u00eb"]);
  expect(saved.registry.getVoiceConfig("zo\u00eb").voiceId).toBe("e");
});

test("names that are the same but for how they are written are told, and each is found", async () => {
  const { registry, log } = await open("npc_overrides:\n  old_mara: a\n  Old Mara: b\n  old mara: c\n");
  expect(log).toEqual([
    expect.stringMatching(/^memory: line 3, column 3: "Old Mara" is the same name as "old_mara"/),
    expect.stringMatching(/^memory: line 4, column 3: "old mara" is the same name as/),
  ]);
  const voices = ["old_mara", "Old Mara", "old mara", "OLD_MARA", "OLD-MARA"].map((name) =>
    registry.getVoiceConfig(name),
  );
  expect(voices.map(({ voiceId }) => voiceId)).toEqual(["a", "b", "c", "a", "a"]);
  expect(registry.removeNpcVoice("OLD-MARA")).toBe(true);
  expect(registry.getVoiceConfig("OLD-MARA").voiceId).toBe("b");
});

test("a section tagged as a set is taken for the map it was meant to be, and is saved as one", async () => {
  const { registry, log, again } = await open("npc_overrides: !!set # who\n  ? mara\n  ? bob\n");
  expect(log).toHaveLength(2);
  registry.setNpcVoice("Mara", "witch");
  const saved = await again();
  expect(saved.registry.getVoiceConfig("mara").voiceId).toBe("witch");
  expect(saved.saved).toContain("# who");
});

test.each([
  ["a merge of something else", "npc_overrides:\n  mara: { <<: 7, voice: x }\n"],
  ["a merge of a text", "a: &a text\nnpc_overrides:\n  mara: { <<: [*a], voice: x }\n"],
  ["an empty merge", "npc_overrides:\n  mara:\n    <<:\n    voice: x\n"],
])("%s is told and passed over", async (_what, text) => {
  const { registry, log, again } = await open(text);
  expect(registry.getVoiceConfig("mara").voiceId).toBe("x");
  expect(log).toEqual([expect.stringMatching(/line [23], column \d+: <<: /)]);
  registry.setNpcVoice("bob", "y");
  expect((await again()).registry.getVoiceConfig("bob").voiceId).toBe("y");
});

const laughs = `a: &a { x: y }\n${Array.from("abcdefghij", (_, index) => {
  const [from, to] = ["abcdefghijk"[index], "abcdefghijk"[index + 1]];
  return `${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(", ")}]`;
}).join("\n")}\n`;

test.each([
  ["an alias without an anchor", "npc_overrides:\n  mara: { <<: *nope }\n", /line 2, column 15: .*&nope/],
  ["an alias before its anchor", "npc_overrides:\n  a: *b\n  b: &b x\n", /line 2, column 6: .*&b/],
  ["an alias to what it is in", "npc_overrides:\n  a: &a { extra: *a }\n", /line 2, column 18: \*a refers/],
  ["a merge of itself", "npc_overrides:\n  a: &a { <<: *a }\n", /line 2, column 15: \*a refers/],
  ["a billion laughs", laughs, /line \d+, column \d+: .*too much/],
  [
    "a billion merges",
    laughs.replaceAll("[", "{ <<: [").replaceAll("]", "] }"),
    /line \d+, column \d+: .*too much/,
  ],
  ["a tab", "npc_overrides:\n\tmara: x\n", /line 2, column 1: Tabs/],
  ["a name twice", "npc_overrides:\n  mara: x\n  mara: y\n", /line 3, column 3: "mara" is there twice/],
  [
    "a field twice",
    "npc_overrides:\n  mara: { voice: x, voice: y }\n",
    /line 2, column 21: "voice" is there twice/,
  ],
  ["two documents", "dm_voice: x\n---\ndm_voice: y\n", /line 2, column 1/],
  ["a list of names", "npc_overrides:\n  - mara: x\n", /line 2, column 3: npc_overrides is a list of/],
])("%s: the place is told, and the default voices speak", async (_what, text, message) => {
  const { registry, log } = await open(text);
  expect(log).toEqual([expect.stringMatching(message)]);
  expect(registry.problem?.code).toBe("registry-invalid");
  expect(registry.getVoiceConfig("dm").voiceId).toBe("en-gb-x-rp+m3");
});

test("a file from Windows, with a mark of its encoding, is a file", async () => {
  const { registry, log, again } = await open(
    "\uFEFF# ours\r\nnpc_overrides:\r\n  mara: x # witch\r\n  bob: y\r\n",
  );
  expect(registry.getVoiceConfig("bob").voiceId).toBe("y");
  registry.setNpcVoice("pip", "z");
  const { saved, voices } = await again();
  expect(saved).toContain("# witch");
  expect(Object.keys(voices())).toEqual(["mara", "bob", "pip"]);
  expect(log).toEqual([]);
});

test.each(["", "\n \n", "\uFEFF"])(
  "a file with nothing in it (%j) is as good as none: the default voices speak",
  async (text) => {
    const { registry, log, again } = await open(text);
    expect(registry.listArchetypes()).toHaveLength(18);
    expect(log).toEqual(["memory: it is empty; the default voices are used"]);
    registry.setNpcVoice("Grok", "x");
    expect((await again()).registry.listArchetypes()).toHaveLength(18);
  },
);

test.each([
  ["nothing but comments", "# ours\n# to be written\n", "# to be written"],
  ["an empty section with a comment", "npc_overrides: # none yet\n", "# none yet"],
  ["an empty map with a comment", "npc_overrides: {} # none yet\n", "# none yet"],
  ["braces around everything", "{ dm_voice: x }", "dm_voice: x"],
])("%s takes its first NPC, and keeps what was there", async (_what, text, kept) => {
  const { registry, again } = await open(text);
  registry.setNpcVoice("Grok", { voice_id: "x", effects: ["cave", "radio"] });
  const { saved, voices } = await again();
  expect(saved).toContain(kept);
  expect(voices()).toMatchObject({ Grok: { voiceId: "x", extra: { effects: ["cave", "radio"] } } });
});

test("a star at the beginning of a name needs no quotes", async () => {
  const { registry, log, again } = await open(
    "npc_defaults:\n  female_*: de\n  *_orc: { voice: it, pitch: -30 } # green\n  *_half elf :\n    voice: es\nnpc_overrides:\n  * : fr\n",
  );
  expect(registry.problem).toBeUndefined();
  expect(log).toEqual([expect.stringContaining("line 3, column")]);
  const spoken = (from: VoiceRegistry) =>
    [{ race: "orc" }, { race: "half-elf" }].map((traits) => from.getNpcVoice("x", traits).voiceId);
  expect(spoken(registry)).toEqual(["it", "es"]);
  registry.setNpcVoice("mara", "en-us");
  const reopened = await again();
  expect(spoken(reopened.registry)).toEqual(["it", "es"]);
  expect(reopened.saved).toContain("# green");
});

test("a reference to nothing is still told where a name begins with a star, too", async () => {
  const { registry } = await open("npc_defaults:\n  *_orc: it\nnpc_overrides:\n  mara: *nobody\n");
  expect(registry.problem?.message).toContain("nobody");
});
