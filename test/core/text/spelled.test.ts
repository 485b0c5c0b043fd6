import { expect, test } from "bun:test";
import { speakable } from "../../../src/core/text/sentences.ts";
import { spelled } from "../../../src/core/text/spelled.ts";

test.each([
  ["abc", "A B C"],
  ["AB-12", "A B- 1 2"],
  ["*x1* **y2**", "X 1 Y 2"],
  ["straße", "S T R A SS E"],
  ["", ""],
])("%j is spelled %j", (shown, said) => {
  expect(spelled(shown, speakable(shown)).text).toBe(said);
});

test("letters are placed where they stand in what is shown", () => {
  const shown = "The **npc** 42";
  const { text, inCaption } = spelled(shown, speakable(shown));
  const words = [...text.matchAll(/\w/g)].map(
    ({ index }) => [index, 1, 0, 0] as [number, number, number, number],
  );
  expect(inCaption(words).map(([start, length]) => shown.slice(start, start + length))).toEqual([
    ..."Thenpc42",
  ]);
});
