import { describe, expect, test } from "bun:test";
import type { SentenceEvent, SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { ATTEMPTS, count, counted, createTally, GO } from "../fixtures/engines/tally.ts";
import { codeOf, collect, job, messages, mishap, tone, voice } from "./speaking.ts";
import { startsPools } from "./starts-pools.ts";

/** Short, but long enough for a busy machine to let a sound worker answer. */
const HANG_MS = 1000;

const start = startsPools();

async function undisturbed(): Promise<string[]> {
  const pool = await start({ engines: [tone()] });
  return messages(await collect((pool.engines[0] as SpeakingEngine).speak(job())));
}

/** Which mishaps cost the worker, and what the sentence fails with when it befalls the next worker too. */
const LOSSES = [
  ["exit", "worker-lost"],
  ["crash", "worker-lost"],
  ["hang", "engine-hung"],
  ["spin", "engine-hung"],
] as const;

describe.each(LOSSES)("a worker in which an engine does `%s`", (kind, code) => {
  test("is replaced, and its sentence is spoken again from the start, whole", async () => {
    const tally = createTally();
    const pool = await start({ engines: [mishap({ mishap: kind, times: 1, tally })], hangMs: HANG_MS });
    const events = await collect((pool.engines[0] as SpeakingEngine).speak(job()));
    expect(messages(events)).toEqual(await undisturbed());
    expect(events.filter(({ type }) => type === "end")).toHaveLength(1);
    expect(counted(tally, ATTEMPTS)).toBe(2);
    expect(pool.status()).toMatchObject({ workers: 1, restarts: 1 });
  });

  test(`costs the sentence when it happens twice: ${code}`, async () => {
    const tally = createTally();
    const pool = await start({ engines: [mishap({ mishap: kind, tally })], hangMs: HANG_MS });
    expect(await codeOf(collect((pool.engines[0] as SpeakingEngine).speak(job())))).toBe(code);
    expect(counted(tally, ATTEMPTS)).toBe(2);
  });
});

describe("a worker that is lost", () => {
  test("repeats nothing that was taken already", async () => {
    const tally = createTally();
    const engines = [mishap({ mishap: "exit", times: 1, words: true, onGo: true, tally })];
    const pool = await start({ engines });
    const taken: SentenceEvent["type"][] = [];
    const speak = async (): Promise<void> => {
      for await (const event of (pool.engines[0] as SpeakingEngine).speak(job())) {
        taken.push(event.type);
        if (event.type === "words") count(tally, GO);
      }
    };
    expect(await codeOf(speak())).toBe("worker-lost");
    expect(taken).toContain("words");
    expect(counted(tally, ATTEMPTS)).toBe(1);
  });

  test("repeats no PCM that was taken already", async () => {
    const tally = createTally();
    const pool = await start({ engines: [mishap({ mishap: "exit", times: 1, onGo: true, tally })] });
    const speak = async (): Promise<void> => {
      for await (const _ of (pool.engines[0] as SpeakingEngine).synthesize("Psst.", voice)) count(tally, GO);
    };
    expect(await codeOf(speak())).toBe("worker-lost");
    expect(counted(tally, ATTEMPTS)).toBe(1);
  });

  test("does not disturb the sentence of another", async () => {
    const tally = createTally();
    const pool = await start({ engines: [tone({ tally, meet: 2 }), mishap({ mishap: "exit" })], size: 2 });
    const [calm, wild] = pool.engines as [SpeakingEngine, SpeakingEngine];
    const line = collect(calm.speak(job()));
    expect(await codeOf(collect(wild.speak(job())))).toBe("worker-lost");
    const other = collect(calm.speak(job()));
    expect(messages(await line)).toEqual(messages(await other));
  });

  test("is told to the operator", async () => {
    const said: string[] = [];
    const pool = await start({
      engines: [mishap({ mishap: "exit", times: 1, tally: createTally() })],
      log: (message) => said.push(message),
    });
    await collect((pool.engines[0] as SpeakingEngine).speak(job()));
    expect(said).toHaveLength(1);
    expect(said[0]).toStartWith("a speech worker died; it is replaced");
  });

  test("is noticed while it has nothing to do", async () => {
    const engines = [mishap({ mishap: "spin-later", times: 1, tally: createTally() })];
    const pool = await start({ engines, hangMs: HANG_MS });
    const [engine] = pool.engines as [SpeakingEngine];
    await collect(engine.speak(job()));
    while (pool.status().restarts === 0) await Bun.sleep(5);
    expect(messages(await collect(engine.speak(job())))).not.toBeEmpty();
  });

  test("is noticed while it has nothing to do, also where it just ends", async () => {
    const workers: Worker[] = [];
    const createWorker = (): Worker => {
      const worker = new Worker(new URL("../../workers/speech.ts", import.meta.url), { type: "module" });
      workers.push(worker);
      return worker;
    };
    const pool = await start({ engines: [tone()], hangMs: HANG_MS, createWorker });
    workers[0]?.terminate();
    while (pool.status().restarts === 0) await Bun.sleep(5);
    expect(messages(await collect((pool.engines[0] as SpeakingEngine).speak(job())))).not.toBeEmpty();
  });
});
