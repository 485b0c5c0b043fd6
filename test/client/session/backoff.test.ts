import { expect, test } from "bun:test";
import { LONGEST_RETRY_MS, retryDelayMs } from "../../../src/client/session/backoff.ts";

test("waits double from 250 ms up to ten seconds", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 50].map((attempt) => retryDelayMs(attempt, 1))).toEqual([
    250,
    500,
    1000,
    2000,
    4000,
    8000,
    LONGEST_RETRY_MS,
    LONGEST_RETRY_MS,
  ]);
});

test("jitter reaches from none to all of the wait", () => {
  expect([0, 0.5, 1].map((random) => retryDelayMs(2, random))).toEqual([0, 500, 1000]);
});
