import { expect, test } from "bun:test";
import { TextBytes } from "../../../src/server/network/text-bytes.ts";

test("a long text is made into bytes once for all who are sent it, and a short one stays text", () => {
  const texts = new TextBytes();
  const long = `{"text":"${"Grüße, ドラゴン 🐉 ".repeat(100)}"}`;
  const bytes = texts.of(long);
  expect(bytes).toEqual(Buffer.from(long));
  // Another message may have the same text.
  expect(texts.of(`${long.slice(0, 500)}${long.slice(500)}`)).toBe(bytes);
  expect(texts.of("The dragon roars!")).toBe("The dragon roars!");
});

test("no more than 4 MiB of texts are kept: the oldest is made anew, and so is one that is larger each time", () => {
  const texts = new TextBytes();
  const textOf = (n: number): string => `${n}`.padEnd(1024 * 1024, " ");
  const first = texts.of(textOf(1));
  for (const n of [2, 3, 4]) texts.of(textOf(n));
  expect(texts.of(textOf(1))).toBe(first);
  const second = texts.of(textOf(2));
  texts.of(textOf(5));
  expect(texts.of(textOf(2))).toBe(second);
  expect(texts.of(textOf(1))).not.toBe(first);
  const larger = "x".repeat(5 * 1024 * 1024);
  expect(texts.of(larger)).toBe(larger);
});
