import { expect, test } from "bun:test";
import { type Clip, clipMessages, withDuration } from "../../../src/core/protocol/dm20.ts";

const CLIP: Clip = { format: "wav", bytes: new Uint8Array(9_000), sampleRate: 24_000, durationMs: 187 };

test.each([188, 1_000, 187.5])(
  "a clip that is said to be %d ms long is as if it had been written so",
  (durationMs) => {
    expect(withDuration(clipMessages(CLIP), durationMs)).toEqual(clipMessages({ ...CLIP, durationMs }));
  },
);

test("also where it said a fraction before", () => {
  expect(withDuration(clipMessages({ ...CLIP, durationMs: 186.25 }), 187)).toEqual(clipMessages(CLIP));
});
