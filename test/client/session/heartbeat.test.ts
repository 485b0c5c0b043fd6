import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { Heartbeat } from "../../../src/client/session/heartbeat.ts";

let probes: number;
let deaths: number;
let heartbeat: Heartbeat;
let gapMs: (sent: number) => number;

beforeEach(() => {
  jest.useFakeTimers();
  probes = deaths = 0;
  gapMs = () => 15_000;
  heartbeat = new Heartbeat({
    gapMs: (sent) => gapMs(sent),
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

test("the pace is asked for after every probe, and an answer that is late holds none of them up", () => {
  gapMs = (sent) => sent * 10;
  jest.advanceTimersByTime(15_000);
  expect(probes).toBe(2);
  jest.advanceTimersByTime(20 + 30 + 40);
  expect(probes).toBe(5);
  jest.advanceTimersByTime(49);
  expect([probes, deaths]).toEqual([5, 0]);
});
