import { expect, test } from "bun:test";
import { withLine } from "../../src/client/captions.ts";
import type { Line } from "../../src/client/session/line.ts";

function line(id: string, content: string): Line {
  return { id, content, private: false, timestamp: "2024-01-01T00:00:00Z" };
}

test("the oldest captions go when there are too many", () => {
  const lines = ["a", "b", "c"].reduce<readonly Line[]>((all, id) => withLine(all, line(id, id), 2), []);
  expect(lines.map(({ id }) => id)).toEqual(["b", "c"]);
});

test("a line that is told again is shown once, where it was, as it is now", () => {
  const lines = withLine(withLine([], line("a", "Run!")), line("b", "Where?"));
  const grown = withLine(lines, line("a", "Run! Now!"));
  expect(grown.map(({ content }) => content)).toEqual(["Run! Now!", "Where?"]);
});
