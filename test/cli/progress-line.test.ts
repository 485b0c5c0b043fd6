import { expect, test } from "bun:test";
import { ProgressLine } from "../../src/cli/voices/progress-line.ts";

function told(isTTY: boolean, tell: (line: ProgressLine) => void): string[] {
  const written: string[] = [];
  const line = new ProgressLine({ isTTY, write: (text) => written.push(text) }, "tiny");
  tell(line);
  line.end();
  return written;
}

test("on a terminal one line changes, and ends when all is done", () => {
  const written = told(true, (line) => {
    line.tell(1_000_000, 4_000_000);
    line.tell(1_100_000, 4_000_000);
    line.say("unpacking");
  });
  expect(written.join("")).toBe(
    "\r\x1b[Ktiny: 25 % of 4.0 MB\r\x1b[Ktiny: 27 % of 4.0 MB\r\x1b[Ktiny: unpacking\n",
  );
});

test("elsewhere a line is written for every tenth, and no sign that is for terminals", () => {
  const written = told(false, (line) => {
    for (let bytes = 0; bytes <= 4_000_000; bytes += 1000) line.tell(bytes, 4_000_000);
    // Another file.
    line.tell(500_000, 1_000_000);
  });
  expect(written).toHaveLength(11);
  expect(written.at(-2)).toBe("tiny: 100 % of 4.0 MB\n");
  expect(written.at(-1)).toBe("tiny: 50 % of 1.0 MB\n");
  for (const sign of ["\r", "\x1b"]) expect(written.join("")).not.toContain(sign);
});

test("what has no known length is told in megabytes", () => {
  expect(told(true, (line) => line.tell(2_500_000, undefined))).toEqual(["\r\x1b[Ktiny: 2.5 MB", "\n"]);
});
