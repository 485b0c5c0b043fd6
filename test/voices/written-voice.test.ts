import { expect, test } from "bun:test";
import { memoryStore } from "../../src/voices/text-store.ts";
import { plainVoice, type VoiceConfig } from "../../src/voices/voice-config.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";

const open = async (text: string) => {
  const log: string[] = [];
  const registry = await VoiceRegistry.open(memoryStore(text), { log: (message) => log.push(message) });
  return { registry, log };
};

/** The voice of Mara, of whom one line says something, and what is told of it. */
async function mara(written: string): Promise<{ voice: VoiceConfig; log: string[] }> {
  const { registry, log } = await open(
    `dm_voice: narrator\nnpc_overrides:\n  mara:\n    voice_id: it+f2\n    engine: espeak\n    ${written}\n`,
  );
  return { voice: registry.getVoiceConfig("mara"), log };
}

test.each<[string, Partial<VoiceConfig>]>([
  ["speed: 90%", { speed: 0.9 }],
  ["speed: +10%", { speed: 1.1 }],
  ["speed: -20%", { speed: 0.8 }],
  ["speed: '1.5'", { speed: 1.5 }],
  ["speed: 0,9", { speed: 0.9 }],
  ["speed: 1.5x", { speed: 1.5 }],
  ["speed: slow", { speed: 0.8 }],
  ["pitch: -3st", { pitch: -3 }],
  ["pitch: '-3'", { pitch: -3 }],
  ["pitch: 2,5", { pitch: 2.5 }],
  ["pitch: +100%", { pitch: 12 }],
  ["pitch: high", { pitch: 3 }],
  ["language: en_GB", { language: "en-gb" }],
  ["output_format: OPUS", { outputFormat: "opus" }],
  ["effects: Cave", { extra: { engine: "espeak", effects: ["cave"] } }],
  ["effects: cave, Giant", { extra: { engine: "espeak", effects: ["cave", "giant"] } }],
  ["Effect: radio", { extra: { engine: "espeak", effects: ["radio"] } }],
  ["Speed: 90%", { speed: 0.9 }],
  ["PITCH: -2 semitones", { pitch: -2 }],
  ["Output-Format: mp3", { outputFormat: "mp3" }],
  ["Language : de", { language: "de" }],
])("%s is understood", async (written, fields) => {
  const { voice, log } = await mara(written);
  expect(voice).toEqual({ ...plainVoice("en-us"), voiceId: "it+f2", extra: { engine: "espeak" }, ...fields });
  expect(log).toEqual([]);
});

test.each<[string, Partial<VoiceConfig>]>([
  ["pitch: -30", { pitch: -24 }],
  ["pitch: 99st", { pitch: 24 }],
  ["pitch: .inf", { pitch: 24 }],
  ["pitch: .nan", {}],
  ["pitch: true", {}],
  ["pitch: ~", {}],
  ["pitch: [1]", {}],
  ["speed: 0", { speed: 0.25 }],
  ["speed: -1", { speed: 0.25 }],
  ["speed: 90", { speed: 4 }],
  ["speed: banana", {}],
  ["speed: false", {}],
  ["speed: ''", {}],
  ["speed: { a: b }", {}],
  ["language: ' '", {}],
  ["language: [en]", {}],
  [`language: ${"x".repeat(65)}`, {}],
  ["effects: 7", {}],
  ["effects: [cave, echo]", { extra: { engine: "espeak", effects: ["cave"] } }],
  ["extra: 7", {}],
  ["extra: { speed: 99, engine: edge, extra: { a: 1 } }", { speed: 4 }],
])("%s costs nothing but itself, and is told with its line", async (written, fields) => {
  const { voice, log } = await mara(written);
  expect(voice).toEqual({ ...plainVoice("en-us"), voiceId: "it+f2", extra: { engine: "espeak" }, ...fields });
  for (const line of log)
    expect(line).toMatch(/^memory: line 6, column 5: mara: \w+: .*(?:left out|taken as)/);
  expect(log).not.toEqual([]);
});

test.each([
  ["3", "3"],
  ["007", "007"],
  ["1e3", "1e3"],
  ["0x1F", "0x1F"],
  ["1_000", "1_000"],
  ["true", "true"],
  ["yes", "yes"],
  ["2024-01-01", "2024-01-01"],
])("a voice called %s without quotes is that voice", async (written, voiceId) => {
  const { registry, log } = await open(
    `dm_voice: { voice: ${written} }\nnpc_overrides: { mara: ${written}, bob: { voice_id: ${written}, pitch: 2 } }\n`,
  );
  for (const name of ["dm", "mara", "bob"]) expect(registry.getVoiceConfig(name).voiceId).toBe(voiceId);
  expect(log).toEqual([]);
});

test("in every section a bad field costs nothing but itself", async () => {
  const bad = "{ voice_id: x, pitch: -30, speed: banana }";
  const { registry, log } = await open(
    `dm_voice: ${bad}\ncombat_voice: ${bad}\nnpc_defaults:\n  male_elf: ${bad}\nnpc_overrides:\n  mara: ${bad}\n`,
  );
  const voices = [
    registry.getVoiceConfig("dm"),
    registry.getVoiceConfig("combat"),
    registry.getNpcVoice("bob", { race: "elf", gender: "male" }),
    registry.getVoiceConfig("mara"),
  ];
  for (const voice of voices) expect(voice).toEqual({ ...plainVoice("en-us"), voiceId: "x", pitch: -24 });
  expect(log.map((line) => /line (\d)/.exec(line)?.[1]).join("")).toBe("11224466");
});

test("a decimal comma between braces is no end of a field", async () => {
  const { registry, log } = await open(
    "npc_overrides: { mara: { voice: x, speed: 0,9, pitch: -2,50, a: 1 } }",
  );
  const { speed, pitch, extra } = registry.getVoiceConfig("mara");
  expect([speed, pitch, extra, log]).toEqual([0.9, -2.5, { a: 1 }, []]);
});

test.each([
  ["default_language: 7", "7", 0],
  ["default_language: [en]", "en-us", 1],
  ["default_language: EN_gb", "en-gb", 0],
  ["default_language:", "en-us", 0],
])("%j makes a default of %s", async (text, language, told) => {
  const { registry, log } = await open(text);
  expect(registry.getVoiceConfig("dm")).toEqual(plainVoice(language));
  expect(log).toHaveLength(told);
});

test.each([
  ["false", false, 0],
  ["no", false, 0],
  ["'off'", false, 0],
  ["yes", true, 0],
  ["", true, 0],
  ["sometimes", true, 1],
])("cast: %s", async (written, casts, told) => {
  const { registry, log } = await open(`cast: ${written}`);
  expect(registry.getCastVoice("Balin") !== undefined).toBe(casts);
  expect(log).toHaveLength(told);
});

test("of very many mistakes some are told, and how many more there are", async () => {
  const lines = Array.from({ length: 500 }, (_, index) => `  npc${index}: { voice: x, speed: banana }`);
  const { registry, log } = await open(`npc_overrides:\n${lines.join("\n")}\n`);
  expect(registry.getVoiceConfig("npc499").voiceId).toBe("x");
  expect(log).toHaveLength(51);
  expect(log.at(-1)).toBe("memory: and 450 more");
});

test.each<[string, Partial<VoiceConfig>]>([
  [
    "{ Voice-ID: it+f2, Speed: 0,9, Engine: edge, Pitch: 40 }",
    { speed: 0.9, pitch: 3, extra: { engine: "edge" } },
  ],
  ["{ voice: it+f2, effects: cave, giant, pitch: 3 }", { pitch: 3, extra: { effects: ["cave", "giant"] } }],
  ["{ voiceID: it+f2, Extra: { effects: radio } }", { extra: { effects: ["radio"] } }],
])("on one line, %s is understood", async (written, fields) => {
  const { registry, log } = await open(`npc_overrides:\n  aria: ${written}\n`);
  expect(registry.getVoiceConfig("aria")).toEqual({ ...plainVoice("en-us"), voiceId: "it+f2", ...fields });
  expect(log.filter((message) => !message.includes("Edge-TTS"))).toEqual([]);
});

test("what is after the comma of an effect and is none is not taken for one", async () => {
  const { registry } = await open("npc_overrides:\n  mara: { effects: cave, whiskey, voice: de }\n");
  expect(registry.getVoiceConfig("mara").extra).toEqual({ effects: ["cave"], whiskey: null });
});

test("a key that looks like another one is pointed out, and what else engines understand is not", async () => {
  const { voice, log } = await mara("ptich: 3\n    stlye: sad\n    emotion: angry");
  expect(voice.extra).toMatchObject({ ptich: 3, stlye: "sad", emotion: "angry" });
  expect(log).toEqual([
    "memory: line 6, column 5: mara: ptich: 3 is passed on to the engine: did you mean pitch?",
  ]);
});

test("what stands in the file and is not read is pointed out, but for what only lends something to others", async () => {
  const { log } = await open("dm_voices: narrator\nbase: &base { speed: 0.9 }\ndm_voice: { <<: *base }\n");
  expect(log).toEqual([
    expect.stringMatching(
      /^memory: line 1, column 1: dm_voices is passed over; there is: .*dm_voice, .*npc_overrides$/,
    ),
  ]);
});
