import { expect, test } from "bun:test";
import type { SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import { createInlineHost } from "../../src/pool/inline.ts";
import type { SpeechHost } from "../../src/pool/speech-host.ts";
import { ATTEMPTS, counted, createTally, untilCounted } from "../fixtures/engines/tally.ts";
import { codeOf, collect, job, messages, mishap, tone, unready, voice } from "./speaking.ts";
import { startsPools } from "./starts-pools.ts";

const start = startsPools();

/** Long enough for whoever waits for it to be found out. */
const FOR_EVER_MS = 60_000;

const [broken, sound] = [0, 1] as const;
const of = (host: SpeechHost, index: number) => host.engines[index] as SpeakingEngine;

test.each([1, 2])(
  "an engine that hangs in its trial, whatever its signal says, stands before nobody: pool of %d",
  async (size) => {
    const tally = createTally();
    const engines = [mishap({ mishap: "hang", tally, after: 0 }), tone()];
    const pool = await start({ engines, size, hangMs: FOR_EVER_MS });
    for (let round = 1; round <= 3; round++) {
      const trial = codeOf(collect(of(pool, broken).synthesize("Hello.", voice, { makesWay: true })));
      await untilCounted(tally, ATTEMPTS, round);
      const lines = Array.from({ length: size }, () => collect(of(pool, sound).speak(job())));
      for (const events of await Promise.all(lines)) expect(messages(events)).not.toBeEmpty();
      expect(await trial).toBe("busy");
      await freeAgain(pool, size);
    }
    // It was not even lost: the engine was left behind.
    expect(pool.status()).toMatchObject({ workers: size, restarts: 0 });
  },
);

test("an engine that spins in its trial costs its worker as soon as somebody waits for it", async () => {
  const tally = createTally();
  const engines = [mishap({ mishap: "spin", tally, after: 0 }), tone()];
  const pool = await start({ engines, size: 1, hangMs: FOR_EVER_MS });
  const trial = codeOf(collect(of(pool, broken).synthesize("Hello.", voice, { makesWay: true })));
  await untilCounted(tally, ATTEMPTS, 1);
  expect(messages(await collect(of(pool, sound).speak(job())))).not.toBeEmpty();
  expect(await trial).toBe("busy");
  expect(pool.status()).toMatchObject({ workers: 1, restarts: 1 });
});

test("no trial is made where all workers are busy, nor a second one beside another", async () => {
  const tally = createTally();
  const pool = await start({ engines: [tone({ tally, meet: 2 }), tone()], size: 2 });
  const line = collect(of(pool, broken).speak(job()));
  const trial = () => codeOf(collect(of(pool, sound).synthesize("Hello.", voice, { makesWay: true })));
  expect(await Promise.all([trial(), trial()])).toEqual(["it did not fail", "busy"]);
  const other = collect(of(pool, broken).speak(job()));
  expect(await trial()).toBe("busy");
  await Promise.all([line, other]);
});

test("an engine left behind is made anew, and speaks again once it is well", async () => {
  const tally = createTally();
  const engines = [mishap({ mishap: "hang", times: 1, tally, after: 0 }), tone()];
  const pool = await start({ engines, size: 1, hangMs: FOR_EVER_MS });
  const trial = codeOf(collect(of(pool, broken).synthesize("Hello.", voice, { makesWay: true })));
  await untilCounted(tally, ATTEMPTS, 1);
  await collect(of(pool, sound).speak(job()));
  await trial;
  expect(messages(await collect(of(pool, broken).speak(job())))).not.toBeEmpty();
  expect(pool.status().restarts).toBe(0);
});

test("an engine that did not stop when its line was cancelled keeps nobody waiting who wants another one", async () => {
  const tally = createTally();
  const engines = [mishap({ mishap: "hang", tally, after: 0 }), tone()];
  const pool = await start({ engines, size: 1, hangMs: FOR_EVER_MS });
  const abort = new AbortController();
  const line = codeOf(collect(of(pool, broken).speak(job(), { signal: abort.signal })));
  await untilCounted(tally, ATTEMPTS, 1);
  abort.abort();
  expect(messages(await collect(of(pool, sound).speak(job())))).not.toBeEmpty();
  expect(await line).toBe("cancelled");
  expect(pool.status().restarts).toBe(0);
});

test("an engine that did not get warm in its worker gets warm there later, and speaks", async () => {
  const tally = createTally();
  const pool = await start({ engines: [unready("throws", { times: 2, tally }), tone()], size: 1 });
  const router = new TTSRouter({
    engines: pool.engines,
    tiers: { speed: ["unready", "tone"] },
    health: { firstProbeMs: 5 },
  });
  await router.warmup();
  expect((await spoken(router)).engine).toBe("tone");
  expect((await router.getStatus())[0]).toMatchObject({
    available: true,
    outOfOrder: "its model is missing",
  });
  while ((await router.getStatus())[0]?.outOfOrder !== undefined) await Bun.sleep(5);
  expect((await spoken(router)).engine).toBe("unready");
  await router.shutdown();
});

test("on this thread a trial makes way, too", async () => {
  const tally = createTally();
  const host = await createInlineHost({
    engines: [mishap({ mishap: "hang", tally, after: 0 }), tone()],
    hangMs: FOR_EVER_MS,
  });
  const trial = codeOf(collect(of(host, broken).synthesize("Hello.", voice, { makesWay: true })));
  await untilCounted(tally, ATTEMPTS, 1);
  expect(messages(await collect(of(host, sound).speak(job())))).not.toBeEmpty();
  expect(await trial).toBe("busy");
  await host.close();
});

test("while a hanging engine is tried again and again, lines are spoken as if it were not there", async () => {
  const tally = createTally();
  const engines = [mishap({ mishap: "hang", tally, after: 0, times: 6 }), tone()];
  const pool = await start({ engines, size: 1, hangMs: 700 });
  const log: string[] = [];
  const router = new TTSRouter({
    engines: pool.engines,
    tiers: { speed: ["mishap", "tone"] },
    health: { firstProbeMs: 1, maxProbeMs: 1, probeMs: 300 },
    log: (line) => log.push(line),
  });
  // The first line finds out, and pays for it.
  expect((await spoken(router)).engine).toBe("tone");
  expect(counted(tally, ATTEMPTS)).toBe(2);
  const { restarts } = pool.status();
  for (let line = 0; line < 3; line++) {
    await untilCounted(tally, ATTEMPTS, 3 + line);
    expect((await spoken(router)).engine).toBe("tone");
  }
  expect(pool.status().restarts).toBe(restarts);
  while (!log.some((line) => line.includes("speaks again"))) await Bun.sleep(5);
  expect((await spoken(router)).engine).toBe("mishap");
  await router.shutdown();
});

async function spoken(router: TTSRouter) {
  const speech = await router.speak(job());
  await collect(speech.events);
  return speech;
}

async function freeAgain(pool: SpeechHost, size: number): Promise<void> {
  while (pool.status().busy > 0 || pool.status().workers < size) await Bun.sleep(1);
}
