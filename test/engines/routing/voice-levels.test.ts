import { expect, test } from "bun:test";
import { VoiceLevels } from "../../../src/engines/routing/voice-levels.ts";
import { plainVoice } from "../../../src/voices/voice-config.ts";

const voice = plainVoice("en-us");

test("a voice is remembered with its engine, its speed, its pitch and its effects", () => {
  const levels = new VoiceLevels();
  levels.remember("espeak", voice, { lufs: -21, ms: 4000 });
  expect(levels.of("espeak", { ...voice })).toEqual({ lufs: -21, ms: 4000 });
  expect(levels.of("flite", voice)).toBeUndefined();
  for (const other of [{ speed: 2 }, { pitch: 3 }, { voiceId: "it" }, { extra: { effects: ["cave"] } }])
    expect(levels.of("espeak", { ...voice, ...other })?.ms ?? 0).toBeLessThan(1000);
});

test("a new voice is expected to be as loud as its engine's last one, for a moment", () => {
  const levels = new VoiceLevels();
  levels.remember("espeak", { ...voice, voiceId: "it" }, { lufs: -30, ms: 9000 });
  expect(levels.of("espeak", voice)).toEqual({ lufs: -30, ms: 300 });
  expect(levels.of("espeak", { ...voice, extra: { effects: ["spirit"] } })).toBeUndefined();
});

test("what a voice was long ago counts only while nothing newer is known of it", () => {
  const levels = new VoiceLevels();
  levels.remember("espeak", voice, { lufs: -30, ms: 900 }, { isKept: true });
  expect(levels.of("espeak", voice)).toEqual({ lufs: -30, ms: 900 });
  levels.remember("espeak", voice, { lufs: -21, ms: 4000 });
  levels.remember("espeak", voice, { lufs: -30, ms: 900 }, { isKept: true });
  expect(levels.of("espeak", voice)).toEqual({ lufs: -21, ms: 4000 });
});

test("who was not heard for longest is forgotten first", () => {
  const levels = new VoiceLevels();
  const named = (index: number) => ({ ...voice, voiceId: `v${index}` });
  for (let index = 0; index < 512; index++) levels.remember("e", named(index), { lufs: -20, ms: 5000 });
  levels.remember("e", named(0), { lufs: -20, ms: 6000 });
  levels.remember("e", named(512), { lufs: -20, ms: 5000 });
  expect(levels.of("e", named(0))?.ms).toBe(6000);
  expect(levels.of("e", named(1))?.ms).toBe(300);
  expect(levels.of("e", named(2))?.ms).toBe(5000);
});
