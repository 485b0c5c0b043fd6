import { expect, test } from "bun:test";
import type { Line } from "../../src/client/index.ts";
import { Reveals, SILENT_MS } from "../../src/client/reveals.ts";

function lineOf(id: string, reveal: Line["reveal"], ...texts: string[]): Line {
  let start = 0;
  const sentences = texts.map((text, sentence) => {
    const place = { sentence, text, start };
    start += text.length + 1;
    return place;
  });
  const line = { id, content: texts.join(" "), private: false, timestamp: "", sentences };
  return reveal ? { ...line, reveal } : line;
}

/** Lines that were told, on a clock that stands still until it is moved. */
function told(...lines: Line[]): { reveals: Reveals; shown: () => string[]; pass: (ms: number) => void } {
  let now = 0;
  const reveals = new Reveals(() => now);
  for (const line of lines) reveals.text(line);
  return { reveals, shown: () => lines.map((line) => reveals.shown(line)), pass: (ms) => (now += ms) };
}

test("a line of which nobody says when is read at once, also while it waits", () => {
  const { reveals, shown } = told(lineOf("a", undefined, "One."), lineOf("b", undefined, "Two."));
  expect(shown()).toEqual(["One.", "Two."]);
  reveals.spoken({ line: "a", sentence: 0 });
  expect(shown()).toEqual(["One.", "Two."]);
});

test("a line that waits is not read before its turn, whoever goes before it", () => {
  const { reveals, shown } = told(
    lineOf("a", "at-once", "One."),
    lineOf("b", "at-once", "Two."),
    lineOf("c", "at-once", "Run!"),
  );
  expect(shown()).toEqual(["One.", "", ""]);
  reveals.spoken({ line: "a", sentence: 0 });
  reveals.spoken({ line: "c", sentence: 0 });
  expect(shown()).toEqual(["One.", "", "Run!"]);
  reveals.over("c");
  reveals.over("a");
  reveals.spoken(undefined);
  expect(shown()).toEqual(["One.", "Two.", "Run!"]);
});

test("sentence by sentence, and word by word: what was said, and nothing that was shown is hidden again", () => {
  for (const [reveal, first, second] of [
    ["sentence", "It is late.", "It is late. You die."],
    ["word", "It is", "It is late. You"],
  ] as const) {
    const { reveals, shown } = told(lineOf("a", reveal, "It is late.", "You die."));
    expect(shown()).toEqual([""]);
    reveals.spoken({ line: "a", sentence: 0, charStart: 3, charLength: 2 });
    expect(shown()).toEqual([first]);
    reveals.spoken({ line: "a", sentence: 1, charStart: 0, charLength: 3 });
    expect(shown()).toEqual([second]);
    reveals.spoken({ line: "a", sentence: 0, charStart: 0, charLength: 2 });
    expect(shown()).toEqual([second]);
    reveals.over("a");
    expect(shown()).toEqual(["It is late. You die."]);
  }
});

test("a sentence without the times of its words is read whole when it begins", () => {
  const { reveals, shown } = told(lineOf("a", "word", "It is late.", "You die."));
  reveals.spoken({ line: "a", sentence: 0 });
  expect(shown()).toEqual(["It is late."]);
});

test("where speech fails the text is read at once, and where none comes after a while", () => {
  const { reveals, shown, pass } = told(
    lineOf("a", "word", "It is late.", "You die."),
    lineOf("b", "word", "Ha."),
  );
  reveals.silent("a", 0);
  expect(shown()).toEqual(["It is late.", ""]);
  reveals.over("a");
  expect(shown()).toEqual(["It is late. You die.", ""]);
  pass(SILENT_MS - 1);
  expect(shown()[1]).toBe("");
  pass(1);
  expect(shown()[1]).toBe("Ha.");
});

test("of a line that was stopped only what was said is read, and it holds up no other", () => {
  const { reveals, shown } = told(lineOf("a", "word", "You… live."), lineOf("b", "at-once", "Next."));
  reveals.spoken({ line: "a", sentence: 0, charStart: 0, charLength: 4 });
  reveals.takenBack("a");
  reveals.over("a");
  reveals.spoken(undefined);
  expect(shown()).toEqual(["You…", "Next."]);
});
