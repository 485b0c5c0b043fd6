import { expect, test } from "bun:test";
import type { Line } from "../../src/client/index.ts";
import { Transcripts } from "../../src/client/session/transcript.ts";
import { spokenWord } from "../../src/web/play/captions/spoken-word.ts";

/** A line of two sentences as the second wire tells it, the second one first. */
function line(): Line {
  const texts = new Transcripts();
  const message = { type: "speech.text", offset: 0, utterance: "u1" } as const;
  texts.sentence({ ...message, sentence: 1, text: "*Run*, fools!" });
  texts.sentence({ ...message, sentence: 0, text: "The dragon roars." });
  // It comes again when its times are known.
  return texts.sentence({ ...message, sentence: 0, text: "The dragon roars.", atMs: 0, words: [] });
}

function shown(word: { start: number; length: number } | undefined): string | undefined {
  return word && line().content.slice(word.start, word.start + word.length);
}

test("the word being said is found in the line's text, marks and all", () => {
  expect(shown(spokenWord(line(), { line: "u1", sentence: 0, charStart: 4, charLength: 6 }))).toBe("dragon");
  expect(shown(spokenWord(line(), { line: "u1", sentence: 1, charStart: 7, charLength: 5 }))).toBe("fools");
});

test("a sentence that is told twice stands in the text once", () => {
  expect(line().content).toBe("The dragon roars. *Run*, fools!");
});

test("a word never reaches into the next sentence", () => {
  expect(shown(spokenWord(line(), { line: "u1", sentence: 0, charStart: 11, charLength: 99 }))).toBe(
    "roars.",
  );
});

test("another line, an unknown sentence, or no word at all lights nothing", () => {
  const nothing = [
    undefined,
    { line: "u2", sentence: 0, charStart: 0, charLength: 3 },
    { line: "u1" },
    { line: "u1", sentence: 0 },
    { line: "u1", sentence: 9, charStart: 0, charLength: 3 },
    { line: "u1", sentence: 0, charStart: 50, charLength: 3 },
    { line: "u1", sentence: 0, charStart: 3, charLength: 0 },
  ];
  for (const spoken of nothing) expect(spokenWord(line(), spoken)).toBeUndefined();
});
