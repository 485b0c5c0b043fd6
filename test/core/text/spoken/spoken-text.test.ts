import { expect, test } from "bun:test";
import fc from "fast-check";
import type { WordTime } from "../../../../src/core/dsp/audio.ts";
import { saidOf, spokenForm } from "../../../../src/core/text/spoken/spoken-form.ts";
import { spokenText } from "../../../../src/core/text/spoken/spoken-text.ts";

/** The words of a text, each 10 ms. */
function timesOf(text: string): WordTime[] {
  return Array.from(text.matchAll(/[\p{L}\p{N}'’]+/gu), ({ 0: word, index }, at) => [
    index,
    word.length,
    at * 10,
    at * 10 + 10,
  ]);
}

test("word times stand in the text that is written; a number lights up while all of it is said", () => {
  const written = "Pay $500 for Drizzt, now.";
  const { text, inWritten } = spokenText(written, spokenForm(written, { language: "en", speller: "flite" }));
  expect(text).toBe("Pay five hundred dollars for Drist, now.");
  const heard = inWritten(timesOf(text)).map(([from, length, start, end]) => [
    written.slice(from, from + length),
    start,
    end,
  ]);
  expect(heard).toEqual([
    ["Pay", 0, 10],
    ["$500", 10, 40],
    ["for", 40, 50],
    ["Drizzt", 50, 60],
    ["now", 60, 70],
  ]);
});

const written = fc
  .array(
    fc.constantFrom(
      "2d6",
      "+3",
      "$5",
      " ",
      " ",
      "ft.",
      "Henry",
      "VIII",
      "I",
      "–",
      "20",
      "1/2",
      "½",
      "Jan.",
      "5",
      ":",
      "00",
      "α",
      "龍",
      "Ж",
      "https://a.b/",
      "@",
      "'",
      '"',
      "%",
      "-",
      ".",
      ",",
      "Drizzt",
      "a",
      "STR",
      "#",
      "🐉",
      "^",
      "10",
      "0",
      "x",
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(""));

test("pieces cover any text once, in order, in every language", () => {
  fc.assert(
    fc.property(
      written,
      fc.constantFrom("en", "de", "fr", "es", "it", "pt", "pl", "ru", "ja"),
      (text, language) => {
        const pieces = spokenForm(text, { language, speller: "flite" });
        let at = 0;
        for (const { from, to } of pieces) {
          expect(from).toBe(at);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        expect(at).toBe(text.length);
        const { text: said, inWritten } = spokenText(text, pieces);
        expect(said).toBe(saidOf(pieces));
        let end = 0;
        for (const [from, length] of inWritten(timesOf(said))) {
          expect(from).toBeGreaterThanOrEqual(end);
          end = from + length;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      },
    ),
    { numRuns: 2000 },
  );
});
