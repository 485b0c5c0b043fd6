import { expect, test } from "bun:test";
import { levelOf } from "../../src/web/play/settings.ts";

test("a speaker is as loud as was chosen, whatever they are called", () => {
  const levels = { mara: 0.4 };
  expect(
    ["mara", "pip", "constructor", "__proto__", "toString"].map((name) => levelOf({ levels }, name)),
  ).toEqual([0.4, 1, 1, 1, 1]);
});
