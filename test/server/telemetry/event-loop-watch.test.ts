import { expect, test } from "bun:test";
import { EventLoopWatch } from "../../../src/server/telemetry/event-loop-watch.ts";
import { healthOf, isReady } from "../../../src/server/telemetry/health.ts";

const engine = { name: "tone", available: true, tiers: [], languages: [] };
const well = { engines: async () => [engine], isStoreWritable: () => true };

/** A clock that is set by hand. */
function handClock(): { now: number; read: () => number } {
  const clock = { now: 1_000, read: (): number => clock.now };
  return clock;
}

test("a thread whose timer is overdue is late by as much, and remembers it for half a minute", async () => {
  const clock = handClock();
  let look = (): void => undefined;
  const loop = new EventLoopWatch(clock.read, (work) => {
    look = work;
    return () => undefined;
  });
  const isReadyNow = (): boolean => isReady({ isClosing: false }, loop);
  expect([loop.lagMs, isReadyNow()]).toEqual([0, true]);
  clock.now += 500 + 1_700;
  expect([loop.lagMs, isReadyNow()]).toEqual([1_700, false]);
  look();
  expect([loop.lagMs, isReadyNow()]).toEqual([1_700, false]);
  clock.now += 500;
  look();
  expect([loop.lagMs, loop.worstLagMs, isReadyNow()]).toEqual([0, 1_700, true]);
  expect(await healthOf(well, loop)).toMatchObject({
    status: "degraded",
    problems: [{ code: "event-loop-stalled" }],
  });
  for (let second = 0; second < 60; second++) {
    clock.now += 500;
    look();
  }
  expect(loop.worstLagMs).toBe(0);
  expect(isReady({ isClosing: true }, loop)).toBe(false);
});

test("a table is well with an engine and a store, and degraded without either, each by its code", async () => {
  const loop = new EventLoopWatch(() => 0);
  const codes = async (party: Parameters<typeof healthOf>[0]): Promise<string[]> =>
    (await healthOf(party, loop)).problems.map(({ code }) => code);
  expect(await healthOf(well, loop)).toEqual({ status: "ok", problems: [] });
  const outOfOrder = { ...engine, outOfOrder: "it hangs" };
  expect(await codes({ ...well, engines: async () => [outOfOrder] })).toEqual(["no-engine"]);
  expect(await codes({ ...well, engines: async () => [outOfOrder, engine] })).toEqual([]);
  expect(await codes({ ...well, engines: () => new Promise(() => undefined) })).toEqual(["no-engine"]);
  const lost = { ...well, isStoreWritable: () => false };
  expect(await codes(lost)).toEqual(["store-not-writable"]);
  loop.stop();
});
