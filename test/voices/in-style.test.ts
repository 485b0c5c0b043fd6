import { expect, test } from "bun:test";
import { inStyle } from "../../src/voices/in-style.ts";
import { plainVoice } from "../../src/voices/voice-config.ts";

const spirit = {
  ...plainVoice("en-us"),
  speed: 2,
  pitch: 20,
  extra: { effects: "spirit", engine: "espeak" },
};

test("a style comes on top of what the voice is", () => {
  expect(inStyle(spirit, { effects: ["cave", "spirit"], whisper: true })).toEqual({
    ...spirit,
    extra: { effects: ["spirit", "cave"], engine: "espeak", whisper: true },
  });
  expect(inStyle(spirit, { rate: 0.5, pitch: -2 })).toEqual({ ...spirit, speed: 1, pitch: 18 });
});

test("no style makes a voice that cannot be", () => {
  expect(inStyle(spirit, { rate: 4, pitch: 24 })).toMatchObject({ speed: 4, pitch: 24 });
  expect(inStyle(spirit, { rate: 0.01, pitch: -48 })).toMatchObject({ speed: 0.25, pitch: -24 });
});

test("nothing special leaves the voice itself", () => {
  expect(inStyle(spirit, { voice: "mara", gainDb: -6, spelled: true })).toBe(spirit);
});
