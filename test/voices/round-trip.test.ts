import { expect, test } from "bun:test";
import fc from "fast-check";
import { EFFECTS } from "../../src/core/dsp/effects/names.ts";
import { BUILTIN_ENGINES } from "../../src/engines/catalogue.ts";
import { memoryStore } from "../../src/voices/text-store.ts";
import { fieldNamed, plainVoice, type VoiceConfig } from "../../src/voices/voice-config.ts";
import { VoiceRegistry } from "../../src/voices/voice-registry.ts";

const ENGINES = [...BUILTIN_ENGINES, "edge-tts", "Edge", "eSpeak-NG", "piper", "beep"];

const text = fc
  .oneof(
    fc.string({ maxLength: 30, unit: "grapheme" }),
    fc.constantFrom(
      "007",
      "1e3",
      "yes",
      "null",
      "~",
      "0x1F",
      "1_000",
      "*a",
      "&a",
      "# x",
      "a: b",
      "<<",
      "- x",
      "en-us+f3",
    ),
  )
  .map((value) => value.trim())
  .filter((value) => value !== "");
const number = (least: number, most: number) =>
  fc.oneof(
    fc.double({ min: least, max: most, noNaN: true }),
    fc.integer({ min: Math.ceil(least), max: most }),
  );
const key = fc
  .stringMatching(/^[a-z_]{1,12}$/)
  .filter(
    (name) =>
      !["extra", "replace", "language", "speed", "pitch", "effects", "engine", "__proto__"].includes(name) &&
      fieldNamed(name) === name,
  );
const value = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.array(text),
);

/** Any voice that there can be, of any engine. */
const voices: fc.Arbitrary<VoiceConfig> = fc.record({
  voiceId: text,
  language: fc.constantFrom("en-us", "it", "en-gb-x-rp", "zh-hans"),
  speed: number(0.25, 4),
  pitch: number(-24, 24),
  outputFormat: fc.constantFrom("wav", "opus", "mp3"),
  extra: fc
    .record(
      {
        engine: fc.constantFrom(...ENGINES),
        effects: fc.uniqueArray(fc.constantFrom(...EFFECTS)),
        more: fc.dictionary(key, value),
      },
      { requiredKeys: [] },
    )
    .map(({ more, ...rest }) => ({ ...more, ...rest })),
});

/** As numbers are compared: there is no negative zero. */
const plain = (voice: unknown): unknown => JSON.parse(JSON.stringify(voice));

test("a voice that is saved is read back as it was, whatever its engine, and saved again as it is", async () => {
  await fc.assert(
    fc.asyncProperty(voices, fc.constantFrom("default_language: it\n", ""), async (voice, head) => {
      const store = memoryStore(head || "# ours\n");
      const log: string[] = [];
      const registry = await VoiceRegistry.open(store);
      registry.setNpcVoice("Mara", voice);
      registry.setArchetypeDefault("non_binary_half_elf", voice);
      expect(plain(registry.getVoiceConfig("mara"))).toEqual(plain(voice));
      await registry.save();
      const saved = await store.read();
      const again = await VoiceRegistry.open(store, { log: (message) => log.push(message) });
      expect(plain(again.getVoiceConfig("mara"))).toEqual(plain(voice));
      expect(plain(again.getNpcVoice("x", { gender: "non-binary", race: "half elf" }))).toEqual(plain(voice));
      expect(log).toEqual([]);
      again.setNpcVoice("mara", again.getVoiceConfig("mara"));
      await again.save();
      expect(await store.read()).toBe(saved);
    }),
    {
      numRuns: 300,
      // A sheet has a name, too.
      examples: [[{ ...plainVoice("en-us"), voiceId: "x", extra: { name: "y", colour: 1 } }, ""]],
    },
  );
});

test("a pitch is in semitones, for every engine", async () => {
  for (const engine of ENGINES) {
    for (const written of ["-3", "'-3'", "-3st", '"-3 semitones"']) {
      const store = memoryStore(
        `npc_overrides: { mara: { voice: en-US-AriaNeural, engine: ${engine}, pitch: ${written} } }`,
      );
      const log: string[] = [];
      const registry = await VoiceRegistry.open(store, { log: (message) => log.push(message) });
      expect(registry.getVoiceConfig("mara")).toMatchObject({ pitch: -3, extra: { engine } });
      expect(log).toEqual([]);
    }
  }
});

test("what Edge-TTS writes is read as it means it, and saved in semitones", async () => {
  const store = memoryStore(`npc_overrides:
  mara: { voice: en-US-AriaNeural, engine: Edge-TTS, pitch: +35Hz, speed: -20% }
  bob: { voice: en-US-GuyNeural, engine: edge, pitch: -40 }
  tom: { voice: af_heart, engine: kokoro, pitch: -12Hz }
  ann: { voice: x, engine: edge, pitch: -20% }
`);
  const registry = await VoiceRegistry.open(store);
  const pitches = (from: VoiceRegistry) =>
    ["mara", "bob", "tom", "ann"].map((name) => from.getVoiceConfig(name).pitch);
  const before = pitches(registry);
  expect(before).toEqual([2.7, -7, -1.8, 12 * Math.log2(0.8)]);
  expect(registry.getVoiceConfig("mara").speed).toBe(0.8);
  for (const name of registry.listOverrides()) registry.setNpcVoice(name, registry.getVoiceConfig(name));
  await registry.save();
  expect(await store.read()).not.toMatch(/Hz|%/);
  expect(pitches(await VoiceRegistry.open(store))).toEqual(before);
});
