import { expect, test } from "bun:test";
import fc from "fast-check";
import { printable } from "../../../src/core/text/printable.ts";
import { obeyed } from "../../support/obeyed.ts";

test.each([
  ["a colour", "\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"],
  ["a title, with its bell", "\x1b]0;owned\x07", "\\x1b]0;owned\\x07"],
  ["a control of eight bits", "\x9b2J\x9d", "\\x9b2J\\x9d"],
  ["a forged line", "oops\r\nserver: all is well", "oops\\r\\nserver: all is well"],
  ["other ends of lines", "a\u2028b\u2029c\x85d\x0be", "a\\u2028b\\u2029c\\x85d\\x0be"],
  ["a name written backwards", "\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"],
  ["what is not seen", "a\u200bb\u00adc\u{e0041}", "a\\u200bb\\xadc\\u{e0041}"],
  ["what erases", "abc\b\b\b\x7f", "abc\\x08\\x08\\x08\\x7f"],
  ["half a letter", "a \ud83d b", "a \\ud83d b"],
])("%s is spelled", (_what, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("names of any script, with what joins their letters, stay as they are", () => {
  for (const name of ["Zoë", "Ёлка", "می‌خواهم", "👩‍🚀", "क्‍ष", "老馬", "O'Neill — “the” 1st"]) {
    expect(printable(name)).toBe(name);
  }
});

test("whatever comes, it is one short line with no control in it, and stays what it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 9000 }), (text) => {
      const shown = printable(text);
      expect(obeyed(shown)).toEqual([]);
      expect(shown.isWellFormed()).toBe(true);
      expect(shown.length).toBeLessThanOrEqual(4000);
      expect(printable(shown)).toBe(shown);
    }),
  );
});

test("a long text ends in an ellipsis, never within a letter", () => {
  const shown = printable(`a${"😀".repeat(4000)}`);
  expect(shown.isWellFormed()).toBe(true);
  expect(shown).toEndWith("😀…");
});
