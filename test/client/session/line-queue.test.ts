import { expect, test } from "bun:test";
import type { Line } from "../../../src/client/index.ts";
import { LineQueue } from "../../../src/client/session/line-queue.ts";

function line(id: string): Line {
  return { id, content: id, private: false, timestamp: "2024-01-01T00:00:00Z" };
}

test("of two who wait for a line each gets one, and the end is told to both", async () => {
  const queue = new LineQueue(() => undefined);
  const lines = [queue.next(), queue.next()];
  queue.push(line("first"));
  queue.push(line("second"));
  expect((await Promise.all(lines)).map(({ value }) => value?.id)).toEqual(["first", "second"]);
  const ends = [queue.next(), queue.next()];
  queue.end();
  expect((await Promise.all(ends)).map(({ done }) => done)).toEqual([true, true]);
});
