import { expect, test } from "bun:test";
import { folded } from "../../src/web/shared/folded.ts";

/** As it is read: emphasis in capitals, strong with an exclamation mark before it. */
function read(text: string): string {
  return folded(text)
    .map(({ start, end, look }) => {
      const part = text.slice(start, end);
      if (look === "mark") return "";
      return look === "plain" ? part : look === "em" ? part.toUpperCase() : `!${part.toUpperCase()}`;
    })
    .join("");
}

test.each([
  ["*Run*, fools!", "RUN, fools!"],
  ["The **old** gate _creaks_. ~~Never.~~ A `rope`.", "The !OLD gate CREAKS. Never. A rope."],
  ["**She said *no*.**", "!SHE SAID !NO!."],
  ["## The Inn\nIt is late.", "The Inn\nIt is late."],
  ["It costs 5 * 3 * 2 or 2*3*4, snake_case_too.", "It costs 5 * 3 * 2 or 2*3*4, snake_case_too."],
  ["A * star alone, and **two", "A * star alone, and **two"],
])("%s", (text, shown) => expect(read(text)).toBe(shown));

test("the pieces are the text, whole and in order", () => {
  const text = "# One\n*Two* and **three *four***, `five`.";
  expect(
    folded(text)
      .map(({ start, end }) => text.slice(start, end))
      .join(""),
  ).toBe(text);
});
