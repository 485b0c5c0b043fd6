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

const cave = parseVoice(
  { voice_id: "it+f2", language: "it", speed: 0.8, pitch: 2, effects: "cave", engine: "edge" },
  { defaultLanguage: "en-us" },
);

test("a part of a voice is laid over, a whole one and `replace: true` leave nothing of what was there", () => {
  const whole = { ...parseVoice("en-us+f3", { defaultLanguage: "en-us" }), extra: { engine: "espeak" } };
  expect(overlayVoice(cave, { pitch: -2 })).toEqual({ ...cave, pitch: -2 });
  expect(overlayVoice(cave, "en-us+f3")).toEqual({ ...cave, voiceId: "en-us+f3" });
  expect(overlayVoice(cave, whole)).toEqual(whole);
  expect(overlayVoice(cave, { ...whole, extra: {} })).toEqual({ ...whole, extra: {} });
  const { voiceId, outputFormat, ...rest } = whole;
  expect(overlayVoice(cave, { voice_id: voiceId, output_format: outputFormat, ...rest })).toEqual(whole);
  expect(overlayVoice(cave, { voice_id: "it+f3", replace: true })).toEqual({
    voiceId: "it+f3",
    language: "it",
    speed: 1,
    pitch: 0,
    outputFormat: "wav",
    extra: {},
  });
  expect(overlayVoice(cave, { ...whole, replace: false })).toEqual({
    ...whole,
    extra: { ...cave.extra, engine: "espeak" },
  });
  for (const replace of ["yes", 1, null])
    expect(() => overlayVoice(cave, { replace })).toThrow(expect.objectContaining({ code: "bad-request" }));
});

test("a voice of which a field is missing is a part of one, whatever it has in its `extra`", () => {
  const { pitch: _pitch, ...part } = { ...base, extra: { effects: ["radio"] } };
  expect(overlayVoice(cave, part)).toEqual({
    ...base,
    pitch: 2,
    extra: { engine: "edge", effects: ["radio"] },
  });
});

test("what people write for numbers is understood, and what no voice can do is refused", () => {
  expect(overlayVoice(base, { speed: "90%", pitch: "-3st" })).toMatchObject({ speed: 0.9, pitch: -3 });
  expect(overlayVoice(base, { speed: "0,9", pitch: "low" })).toMatchObject({ speed: 0.9, pitch: -3 });
  expect(overlayVoice(base, { voice_id: 3, pitch: "-40Hz", engine: "edge" })).toMatchObject({
    voiceId: "3",
    pitch: -7,
  });
  for (const voice of [{ pitch: -40, engine: "edge" }, { pitch: "-30st" }, { speed: "900%" }, { extra: 7 }])
    expect(() => overlayVoice(base, voice)).toThrow(expect.objectContaining({ code: "bad-request" }));
});
