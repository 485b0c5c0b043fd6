import { expect, test } from "bun:test";
import { deferred } from "../../src/core/deferred.ts";
import { EngineRoom } from "../../src/pool/engine-room.ts";
import { type Fulfil, HostedEngine } from "../../src/pool/hosted-engine.ts";
import type { EngineReport } from "../../src/pool/protocol.ts";
import { collect, job } from "./speaking.ts";

const REPORT: EngineReport = {
  name: "service",
  capabilities: { streaming: true, wordTimes: false, maxConcurrent: 1 },
  languages: ["*"],
  probes: true,
};

test("an engine that a worker could not load does not speak again", async () => {
  expect(await new EngineRoom().probe("nobody")).toMatchObject({ code: "engine-unavailable" });
});

test("a trial counts among the sentences an engine is asked for at once, and leaves when it is given up", async () => {
  const over = deferred();
  let trials = 0;
  const engine = new HostedEngine(REPORT, until(over.promise), async () => {
    trials += 1;
    return undefined;
  });
  const line = collect(engine.speak(job()));
  const abort = new AbortController();
  const [waiting, leaving] = [engine.probe?.(), engine.probe?.({ signal: abort.signal })];
  abort.abort(new Error("given up"));
  await expect(leaving).rejects.toThrow("given up");
  expect(trials).toBe(0);
  over.resolve();
  await Promise.all([line, waiting]);
  expect(trials).toBe(1);
});

/** Fulfils orders with nothing, once the promise resolves. */
function until(promise: Promise<void>): Fulfil {
  return async function* () {
    await promise;
    yield* [];
  };
}
