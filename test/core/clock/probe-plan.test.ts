import { expect, test } from "bun:test";
import { probeGapMs } from "../../../src/core/clock/probe-plan.ts";
import { ProbedClock } from "../../support/probed-clock.ts";
import { NETWORKS } from "../../support/virtual-link.ts";

const MINUTE = 60_000;

/** Probes a second in that minute. */
function paceIn(minute: number, network: keyof typeof NETWORKS): number {
  const world = new ProbedClock({ seed: 7, up: NETWORKS[network] });
  world.time.runUntil((minute - 1) * MINUTE);
  const before = world.sent;
  world.time.runUntil(minute * MINUTE);
  return (world.sent - before) / 60;
}

test("the first sixteen probes wait for no echo", () => {
  const gaps = Array.from({ length: 16 }, (_, index) =>
    probeGapMs({ sent: index, ageMs: index * 12, deviationMs: undefined }),
  );
  expect(new Set(gaps)).toEqual(new Set([12]));
});

test("the better the clock is, the fewer probes there are", () => {
  const gaps = [1, 0.1, 0.05, 0.02, 0.001].map((deviationMs) =>
    probeGapMs({ sent: 900, ageMs: MINUTE, deviationMs }),
  );
  expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
  expect(gaps.at(-1)).toBe(4_000);
});

test("a server that echoes nothing is soon left to the pace of the connection", () => {
  expect(probeGapMs({ sent: 63, ageMs: 3_000, deviationMs: undefined })).toBeLessThan(100);
  expect(probeGapMs({ sent: 64, ageMs: 3_000, deviationMs: undefined })).toBe(Infinity);
});

test("a calm network needs few probes, and jitter many only at first", () => {
  expect(paceIn(1, "lan")).toBeLessThan(2.5);
  expect(paceIn(2, "lan")).toBeLessThan(0.5);
  expect(paceIn(1, "m120")).toBeLessThan(20);
  expect(paceIn(4, "m120")).toBeWithin(1, 5.5);
}, 30_000);
