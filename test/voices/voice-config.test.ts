import { expect, test } from "bun:test";
import { overlayVoice, parseVoice } from "../../src/voices/voice-config.ts";

const base = parseVoice({ voice_id: "en-us+f3", pitch: 2, engine: "espeak" }, { defaultLanguage: "en-us" });

test("an overlay replaces what it names and keeps the rest", () => {
  expect(overlayVoice(base, { speed: "1.2", voice_design: "tired" })).toEqual({
    voiceId: "en-us+f3",
    language: "en-us",
    speed: 1.2,
    pitch: 2,
    outputFormat: "wav",
    extra: { engine: "espeak", voice_design: "tired" },
  });
});

test("camelCase, snake_case and a bare id say the same", () => {
  for (const raw of ["m1", { voice: "m1" }, { voice_id: "m1" }, { voiceId: "m1" }]) {
    expect(overlayVoice(base, raw).voiceId).toBe("m1");
  }
  expect(overlayVoice(base, { outputFormat: "opus" })).toEqual(overlayVoice(base, { output_format: "opus" }));
});

test("another language without another voice is that language's own voice", () => {
  expect(overlayVoice(base, { language: "IT" })).toMatchObject({ language: "it", voiceId: "it" });
});

test.each([
  ["a number", 7],
  ["nothing", null],
  ["a list", ["m1"]],
  ["a speed of zero", { speed: 0 }],
  ["an endless speed", { speed: "Infinity" }],
  ["a pitch beyond two octaves", { pitch: 25 }],
  ["an empty id", { voice: " " }],
])("%s is not a voice", (_what, raw) => {
  expect(() => overlayVoice(base, raw)).toThrow(expect.objectContaining({ code: "bad-request" }));
});

test("a hostile key does not reach a prototype", () => {
  const voice = overlayVoice(base, JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'));
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(voice.voiceId).toBe("en-us+f3");
});

test("effects are a name or a list; one that does not exist is refused, with the ones that do", () => {
  expect(overlayVoice(base, { effects: "cave" }).extra.effects).toEqual(["cave"]);
  expect(overlayVoice(base, { effects: ["radio", "cave", "radio"] }).extra.effects).toEqual([
    "radio",
    "cave",
  ]);
  const inACave = overlayVoice(base, { effects: "cave" });
  expect(overlayVoice(inACave, { speed: 2 }).extra.effects).toEqual(["cave"]);
  expect(overlayVoice(inACave, { effects: [] }).extra.effects).toEqual([]);
  for (const effects of ["echo", ["cave", "echo"], 7])
    for (const voice of [{ effects }, { extra: { effects } }])
      expect(() => overlayVoice(base, voice)).toThrow(/effects.*cave, telepathy, giant, spirit, radio/);
});

test("a voice as programs have it is understood as well: what is in its `extra` stands beside the rest", () => {
  const voice = { ...base, pitch: 2, extra: { effects: ["cave"], engine: "espeak" } };
  expect(overlayVoice(base, voice)).toEqual({ ...voice, extra: { ...base.extra, ...voice.extra } });
});
