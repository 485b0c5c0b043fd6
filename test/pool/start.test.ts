import { describe, expect, test } from "bun:test";
import type { SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { SpeechPool } from "../../src/pool/pool.ts";
import { createTally } from "../fixtures/engines/tally.ts";
import { codeOf, collect, job, messages, mishap, tone, unready } from "./speaking.ts";
import { startsPools } from "./starts-pools.ts";

const start = startsPools();

describe("a worker that does not start", () => {
  const missing = (): Worker =>
    new Worker(new URL("./no-such-worker.ts", import.meta.url), { type: "module" });
  const mute = (): Worker =>
    new Worker(new URL("../fixtures/engines/mute.ts", import.meta.url), { type: "module" });

  test("is a clear error where its file is missing", async () => {
    const error = await SpeechPool.start({ engines: [tone()], createWorker: missing }).catch(
      (reason) => reason,
    );
    expect(error).toMatchObject({ code: "worker-failed" });
    expect(error.message).toContain("createWorker");
  });

  test("is a clear error where it never answers", async () => {
    const options = { engines: [tone()], createWorker: mute, startMs: 200 };
    expect(await codeOf(SpeechPool.start(options))).toBe("worker-failed");
  });

  test("is a clear error where it cannot be made", async () => {
    const createWorker = (): Worker => {
      throw new ReferenceError("no workers here");
    };
    expect(await codeOf(SpeechPool.start({ engines: [tone()], createWorker }))).toBe("worker-failed");
  });

  test("fails whoever waits for it, and is tried again", async () => {
    let made = 0;
    const createWorker = (): Worker => {
      made += 1;
      if (made === 2) return missing();
      return new Worker(new URL("../../workers/speech.ts", import.meta.url), { type: "module" });
    };
    const engines = [mishap({ mishap: "exit", times: 1, tally: createTally() })];
    const pool = await start({ engines, createWorker });
    const [engine] = pool.engines as [SpeakingEngine];
    expect(await codeOf(collect(engine.speak(job())))).toBe("worker-failed");
    while (pool.status().workers === 0) await Bun.sleep(5);
    expect(messages(await collect(engine.speak(job())))).not.toBeEmpty();
  });

  test("was asked everything at once", async () => {
    const asked: unknown[] = [];
    const createWorker = (): Worker => {
      const worker = mute();
      const post = worker.postMessage.bind(worker);
      worker.postMessage = (message: unknown, ...rest: unknown[]) => {
        asked.push((message as { path?: unknown }).path);
        post(message, ...(rest as [Transferable[]]));
      };
      return worker;
    };
    await codeOf(SpeechPool.start({ engines: [tone()], createWorker, startMs: 200 }));
    expect(asked).toEqual([["ping"], ["connect"], ["prepare"]]);
  });

  test("may be given up before it has answered", async () => {
    const signal = AbortSignal.timeout(20);
    expect(await codeOf(SpeechPool.start({ engines: [tone()], createWorker: mute, signal }))).toBe(
      "cancelled",
    );
  });
});

describe("an engine that cannot be warmed up", () => {
  test.each([
    ["throws", "engine-failed"],
    ["hangs", "engine-hung"],
    ["unavailable", "engine-unavailable"],
  ] as const)("because it %s is unavailable, and the others speak", async (how, code) => {
    const said: string[] = [];
    const startMs = how === "hangs" ? 2000 : 30_000;
    const pool = await start({
      engines: [unready(how), tone()],
      startMs,
      log: (message) => said.push(message),
    });
    const [broken, sound] = pool.engines as [SpeakingEngine, SpeakingEngine];
    expect(await broken.isAvailable()).toBe(false);
    expect(await codeOf(broken.warmup())).toBe(code);
    expect(said[0]).toStartWith('the engine "unready" is not available: ');
    expect(await sound.isAvailable()).toBe(true);
    expect(messages(await collect(sound.speak(job())))).not.toBeEmpty();
  });

  test("because its module is broken is unavailable, and says so when it is to speak and why in the log", async () => {
    const said: string[] = [];
    const pool = await start({
      engines: [{ name: "gone", module: "file:///no/such/module.ts" }, "nonsense"],
      log: (message) => said.push(message),
    });
    expect(said[0]).toMatch(/the module of engine "gone" does not load: .*no\/such\/module/);
    for (const engine of pool.engines) {
      expect(await engine.isAvailable()).toBe(false);
      const error = await collect(engine.speak(job())).catch((reason) => reason);
      expect(error).toMatchObject({ code: "engine-unavailable" });
      expect(error.message).not.toContain("/no/such");
    }
  });

  test("because it spins stops the start", async () => {
    const starting = SpeechPool.start({ engines: [unready("spins")], startMs: 500, size: 1 });
    expect(await codeOf(starting)).toBe("worker-failed");
  });
});
