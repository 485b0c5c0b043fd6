import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { type Passage, PassageSplitter } from "../../../src/core/text/passage-splitter.ts";
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

test("what is said and shown of parts of them, put together at random, is the same wherever it is cut", () => {
  const mark = fc.constantFrom(
    ...[
      " ",
      "\n",
      "\n\n",
      "**",
      "*",
      "_",
      "`",
      "```\n",
      "[",
      "](",
      "]",
      ")",
      "(",
      "<",
      "<!--",
      "-->",
      "|",
      "#",
      "\\",
    ],
    ...[
      "\n- ",
      "\n   - ",
      "\n1. ",
      "\n2. ",
      "\nA) ",
      "> ",
      "&",
      "&amp;",
      "~~",
      "---\n",
      "\n|a|b|\n",
      "\n|-|-|\n",
    ],
    ...[
      "😀",
      "1️⃣ ",
      "\u00ad",
      "https://a.b/c",
      ".",
      "!",
      "?",
      "…",
      "—",
      "“",
      "”",
      ":",
      "Dr.",
      "5 ft.",
      " “Run!” ",
    ],
  );
  const part = fc
    .tuple(fc.constantFrom(...cases), fc.nat(80), fc.nat(60))
    .map(([[, text], from, length]) => text.slice(from, from + length));
  const parts = fc.array(fc.oneof(mark, mark, part), { minLength: 1, maxLength: 8 });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 });
  const languages = fc.constantFrom("en", "en", "de", "fr", "es", "ru", "zh", "ja");
  fc.assert(
    fc.property(parts, sizes, languages, (given, sizes, language) => {
      const text = given.join("").toWellFormed();
      const whole = passages([text], language);
      const deltas: string[] = [];
      for (let at = 0, turn = 0; at < text.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        deltas.push(text.slice(at, at + size));
        at += size;
      }
      expect(passages(deltas, language)).toEqual(whole);
      expect(passages(text.split(""), language)).toEqual(whole);
      if (/\[\/?(?:pause|whisper|voice|effect)/i.test(text)) return;
      expect(solid(whole.map((passage) => passage.text).join(""))).toBe(solid(text));
    }),
    { numRuns: 3000 },
  );
});

test("there are as many cases as were written", () => {
  expect(cases.length).toBeGreaterThan(250);
});
