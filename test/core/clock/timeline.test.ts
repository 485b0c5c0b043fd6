import { expect, test } from "bun:test";
import { Timeline } from "../../../src/core/clock/timeline.ts";

function moved(...moves: [fromMs: number, startAt: number][]): Timeline {
  const timeline = new Timeline();
  for (const [fromMs, startAt] of moves) timeline.move(fromMs, startAt);
  return timeline;
}

test("nothing is known of a line before it is given a time", () => {
  const timeline = new Timeline();
  expect([timeline.isSet, timeline.startAt, timeline.timeOf(0), timeline.placeAt(5)]).toEqual([
    false,
    undefined,
    undefined,
    undefined,
  ]);
});

test("a line that was moved pauses where its new part begins", () => {
  const timeline = moved([0, 1000], [400, 2000]);
  expect([0, 399, 400, 500].map((ms) => timeline.timeOf(ms))).toEqual([1000, 1399, 2000, 2100]);
  expect([0, 399, 400].map((ms) => timeline.seamAfter(ms))).toEqual([400, 400, Infinity]);
  expect([999, 1000, 1399, 1700, 2000, 2100].map((at) => timeline.placeAt(at))).toEqual([
    undefined,
    0,
    399,
    400,
    400,
    500,
  ]);
});

test("a move makes void what was said of later places, and a line may be moved back to an earlier one", () => {
  const timeline = moved([0, 1000], [400, 2000], [300, 3000]);
  expect([timeline.timeOf(299), timeline.timeOf(300), timeline.timeOf(400)]).toEqual([1299, 3000, 3100]);
  expect(moved([0, 1000], [0, 1500]).startAt).toBe(1500);
});

test("of a line that is moved without end the latest moves are kept", () => {
  const timeline = moved(...Array.from({ length: 200 }, (_, i): [number, number] => [i * 10, 1000 + i * 20]));
  expect(timeline.timeOf(1995)).toBe(1000 + 199 * 20 + 5);
  expect(timeline.timeOf(0)).toBeUndefined();
});
