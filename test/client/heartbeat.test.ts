import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { Heartbeat } from "../../src/client/heartbeat.ts";

let probes: number;
let deaths: number;
let heartbeat: Heartbeat;

beforeEach(() => {
  jest.useFakeTimers();
  probes = deaths = 0;
  heartbeat = new Heartbeat({
    gapMs: () => 15_000,
    patienceMs: 20_000,
    probe: () => {
      probes += 1;
    },
    dead: () => {
      deaths += 1;
    },
  });
});
afterEach(() => {
  heartbeat.stop();
  jest.useRealTimers();
});

test("the first probes follow each other as they are answered, the others every 15 s", () => {
  expect(probes).toBe(1);
  for (let answer = 0; answer < 5; answer++) heartbeat.answered();
  expect(probes).toBe(3);
  jest.advanceTimersByTime(15_000);
  expect(probes).toBe(4);
});

test("a probe without an answer for 20 s is a sign of death, once", () => {
  jest.advanceTimersByTime(19_999);
  expect(deaths).toBe(0);
  jest.advanceTimersByTime(1);
  expect(deaths).toBe(1);
});

test("whatever is heard is a sign of life, until the next probe stays without one", () => {
  jest.advanceTimersByTime(16_000);
  heartbeat.heard();
  jest.advanceTimersByTime(13_999 + 19_999);
  expect(deaths).toBe(0);
  jest.advanceTimersByTime(2);
  expect(deaths).toBe(1);
});

test("stopped, it neither asks nor dies", () => {
  heartbeat.stop();
  heartbeat.answered();
  jest.advanceTimersByTime(100_000);
  expect([probes, deaths]).toEqual([1, 0]);
});
