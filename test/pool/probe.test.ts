import { expect, test } from "bun:test";
import { deferred } from "../../src/core/async/deferred.ts";
import { type Fulfil, HostedEngine } from "../../src/pool/hosted-engine.ts";
import type { EngineReport } from "../../src/pool/protocol.ts";
import { codeOf, collect, job } from "./speaking.ts";

const REPORT: EngineReport = {
  name: "service",
  capabilities: { streaming: true, wordTimes: false, maxConcurrent: 1 },
  languages: ["*"],
  probes: true,
};

test("a trial is not made where a line has the engine's only slot, and gives its own up for one", async () => {
  const over = deferred();
  const fulfil: Fulfil = async function* (_order, { signal } = {}) {
    await Promise.race([over.promise, new Promise((_, no) => signal?.addEventListener("abort", no))]);
    signal?.throwIfAborted();
    yield* [];
  };
  const engine = new HostedEngine(REPORT, fulfil);
  const trial = () => codeOf(engine.probe?.({ makesWay: true }) ?? Promise.resolve());
  const line = collect(engine.speak(job()));
  expect(await trial()).toBe("busy");
  over.resolve();
  await line;

  const held = new HostedEngine(REPORT, async function* (order, { signal } = {}) {
    if (order.kind === "probe") await new Promise((_, no) => signal?.addEventListener("abort", no));
    yield* [];
  });
  const onTrial = codeOf(held.probe?.({ makesWay: true }) ?? Promise.resolve());
  await collect(held.speak(job()));
  expect(await onTrial).toBe("busy");
});
