import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { type Passage, PassageSplitter } from "../../../src/core/text/passages.ts";
import { spokenOf } from "../../../src/core/text/speakable.ts";

/** Texts as people and models write them, and what is said of each, sentence by sentence. */
type Case = [language: string, text: string, said: string[]];

const cases = readFileSync(new URL("../../fixtures/text/said.jsonl", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Case);

function passages(deltas: readonly string[], language: string): Passage[] {
  const splitter = new PassageSplitter(language);
  return [...deltas.flatMap((delta) => splitter.push(delta)), ...splitter.flush()];
}

/** Without white space, which is folded, and characters that are cut in half. */
function solid(text: string): string {
  return text.toWellFormed().replace(/\s+/gu, "");
}

test.each(cases)(
  "%s: %j is said %j, and shown as it is written, wherever it is cut",
  (language, text, said) => {
    const whole = passages([text], language);
    expect(whole.map(({ text, pieces }) => spokenOf(text, pieces).text).filter(Boolean)).toEqual(said);
    expect(solid(whole.map((passage) => passage.text).join(""))).toBe(solid(text));
    expect(passages(text.split(""), language)).toEqual(whole);
    for (let at = 1; at < text.length; at++) {
      expect(passages([text.slice(0, at), text.slice(at)], language)).toEqual(whole);
    }
  },
);

test("there are as many cases as were written", () => {
  expect(cases.length).toBeGreaterThan(250);
});
