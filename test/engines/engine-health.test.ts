import { afterEach, describe, expect, test } from "bun:test";
import type { PcmPiece } from "../../src/core/audio.ts";
import { BardcastError, type ErrorCode } from "../../src/core/errors.ts";
import { SpeechCache } from "../../src/engines/cache/speech-cache.ts";
import type { EngineCapabilities } from "../../src/engines/engine.ts";
import type { HealthOptions } from "../../src/engines/engine-health.ts";
import { TTSRouter } from "../../src/engines/router.ts";
import type { SentenceJob } from "../../src/engines/sentence-job.ts";
import { plainVoice } from "../../src/voices/voice-config.ts";
import { until } from "../support/table.ts";
import { ToneEngine } from "../support/tone-engine.ts";

const job: SentenceJob = {
  text: "The dragon roars, and everybody runs.",
  voice: plainVoice("en"),
  encodings: ["dm20"],
  chunkBytes: 4096,
  bitrates: { opus: 24_000, "opus-low": 12_000 },
  aheadMs: 0,
};

/** A tone engine that can be made to fail, before or after its first piece. */
class Moody extends ToneEngine {
  fails: { code: ErrorCode; after?: number } | undefined;

  constructor(name: string, capabilities: Partial<EngineCapabilities> = {}) {
    super({ name });
    Object.assign(this.capabilities, capabilities);
  }

  override async *synthesize(
    ...args: Parameters<ToneEngine["synthesize"]>
  ): AsyncGenerator<PcmPiece, void, undefined> {
    let pieces = 0;
    for await (const piece of super.synthesize(...args)) {
      if (this.fails && pieces++ >= (this.fails.after ?? 0))
        throw new BardcastError(this.fails.code, "no more");
      yield piece;
    }
  }
}

const routers: TTSRouter[] = [];
afterEach(async () => {
  for (const router of routers.splice(0)) await router.shutdown();
});

function routerOf(engines: readonly ToneEngine[], health: HealthOptions = {}): TTSRouter {
  const names = engines.map(({ name }) => name);
  const tiers = { speed: names, quality: names, fallback: names };
  const router = new TTSRouter({ engines, tiers, health: { firstProbeMs: 60_000, ...health } });
  routers.push(router);
  return router;
}

/** The engine that spoke a line to its end. */
async function speaker(router: TTSRouter, text: string = job.text): Promise<string> {
  const { engine, events } = await router.speak({ ...job, text });
  for await (const _ of events);
  return engine;
}

async function problems(router: TTSRouter): Promise<(string | undefined)[]> {
  return (await router.getStatus()).map(({ outOfOrder }) => outOfOrder);
}

describe("an engine that fails", () => {
  test.each([["engine-unavailable"], ["engine-hung"]] as const)(
    "with %s is passed over by the next line, and the status says why",
    async (code) => {
      const [service, local] = [new Moody("service"), new Moody("local")];
      service.fails = { code };
      const router = routerOf([service, local]);
      expect([await speaker(router), await speaker(router)]).toEqual(["local", "local"]);
      expect(service.asked.length).toBe(1);
      expect(await problems(router)).toEqual(["no more", undefined]);
      expect((await router.getEngineForContext("combat")).name).toBe("local");
    },
  );

  test("with something less is given three lines in a row; a line that goes well makes it forget", async () => {
    const [service, local] = [new Moody("service"), new Moody("local")];
    const router = routerOf([service, local]);
    const fail = async (lines: number) => {
      service.fails = { code: "engine-failed" };
      for (let line = 0; line < lines; line++) await speaker(router);
      service.fails = undefined;
    };
    await fail(2);
    expect(await speaker(router)).toBe("service");
    await fail(2);
    expect(await speaker(router)).toBe("service");
    await fail(3);
    expect(await speaker(router)).toBe("local");
  });

  test.each([["cancelled"], ["busy"], ["voice-unknown"], ["bad-request"]] as const)(
    "with %s is not to blame, however often",
    async (code) => {
      const service = new Moody("service");
      service.fails = { code };
      const router = routerOf([service, new Moody("local")]);
      for (let line = 0; line < 5; line++) await speaker(router);
      expect(service.asked.length).toBe(5);
    },
  );

  test("after its first sound ends that sentence, and the next is somebody else's", async () => {
    const service = new Moody("service");
    service.fails = { code: "engine-hung", after: 1 };
    const router = routerOf([service, new Moody("local")]);
    // A clip is whole or not at all, so that the other engine can still say it; frames are out at once.
    const { events } = await router.speak({ ...job, encodings: ["pcm16"], text: "x".repeat(400) });
    await expect(Array.fromAsync(events)).rejects.toThrow("no more");
    expect(await problems(router)).toEqual(["no more", undefined]);
    expect(await speaker(router)).toBe("local");
  });

  test("because the caller cancelled has not failed", async () => {
    const service = new Moody("service");
    const router = routerOf([service, new Moody("local")]);
    const abort = new AbortController();
    const { events } = await router.speak({ ...job, encodings: ["pcm16"] }, { signal: abort.signal });
    service.fails = { code: "engine-hung" };
    abort.abort();
    await Array.fromAsync(events).catch(() => undefined);
    service.fails = undefined;
    expect(await problems(router)).toEqual([undefined, undefined]);
  });
});

describe("through a cache", () => {
  const cached = (...engines: ToneEngine[]): TTSRouter => {
    const { speakWith } = new SpeechCache({ memoryBytes: 1_000_000 });
    const names = engines.map(({ name }) => name);
    const router = new TTSRouter({ engines, tiers: { speed: names }, speakWith });
    routers.push(router);
    return router;
  };

  test("a sentence that is repeated is no success of the engine", async () => {
    const [service, local] = [new Moody("service"), new Moody("local")];
    const router = cached(service, local);
    await speaker(router);
    service.fails = { code: "engine-failed" };
    for (const text of ["One.", "Two.", "Three."]) {
      await speaker(router, text);
      if (text !== "Three.") expect(await speaker(router)).toBe("service");
    }
    expect(await problems(router)).toEqual(["no more", undefined]);
  });

  test("a failure that several lines share is one", async () => {
    const [service, local] = [new Moody("service"), new Moody("local")];
    const router = cached(service, local);
    const release = service.hold(job.text);
    service.fails = { code: "engine-failed" };
    const lines = [speaker(router), speaker(router), speaker(router)];
    await until(() => service.asked.length === 1);
    release();
    expect(await Promise.all(lines)).toEqual(["local", "local", "local"]);
    expect(service.asked.length).toBe(1);
    expect(await problems(router)).toEqual([undefined, undefined]);
  });

  test("a pause, for which nobody is asked, is no success either", async () => {
    const service = new Moody("service");
    const router = routerOf([service, new Moody("local")]);
    service.fails = { code: "engine-failed" };
    for (const text of ["One.", "", "Two.", "", "Three."]) await speaker(router, text);
    expect(await problems(router)).toEqual(["no more", undefined]);
  });
});

describe("where every engine is out of order", () => {
  test("a local one is asked all the same", async () => {
    const local = new Moody("local");
    const router = routerOf([local]);
    local.fails = { code: "engine-hung" };
    await expect(speaker(router)).rejects.toThrow("no more");
    local.fails = undefined;
    expect(await speaker(router)).toBe("local");
    expect(await problems(router)).toEqual([undefined]);
  });

  test("a network service is not waited for, and the error says why", async () => {
    const service = new Moody("service", { network: true });
    const router = routerOf([service]);
    service.fails = { code: "engine-hung" };
    await expect(speaker(router)).rejects.toThrow("service: no more");
    await expect(speaker(router)).rejects.toThrow("service is out of order: no more");
    expect(service.asked.length).toBe(1);
  });
});

describe("before the first line", () => {
  const examined = (...engines: ToneEngine[]) => {
    const log: string[] = [];
    const names = engines.map(({ name }) => name);
    const health = { firstProbeMs: 5, maxProbeMs: 5 };
    const router = new TTSRouter({ engines, tiers: { speed: names }, health, log: (line) => log.push(line) });
    routers.push(router);
    return { router, log };
  };

  test("a service that does not answer is out of order, the log says so once, and says when it speaks again", async () => {
    const service = new Moody("service", { network: true });
    const { router, log } = examined(service, new Moody("local"));
    service.fails = { code: "engine-failed" };
    await router.examine();
    expect(await problems(router)).toEqual(["no more", undefined]);
    expect(await speaker(router)).toBe("local");
    await until(() => service.asked.length > 3);
    expect(log).toEqual(['the engine "service" is out of order, and tried again until it speaks: no more']);
    service.fails = undefined;
    await until(() => log.length > 1);
    expect(log[1]).toBe('the engine "service" speaks again');
    expect(await speaker(router)).toBe("service");
  });

  test("no line waits for one that is being tried; one that answers is well, and nothing is said of it", async () => {
    const [service, local] = [new Moody("service", { network: true }), new Moody("local")];
    const { router, log } = examined(service, local);
    const release = service.hold("Hello.");
    const examining = router.examine();
    await until(() => service.asked.length === 1);
    expect(await speaker(router)).toBe("local");
    release();
    await examining;
    expect(await speaker(router)).toBe("service");
    expect([log, local.asked.length]).toEqual([[], 1]);
  });
});

describe("in the background", () => {
  test("an engine is tried with a part of the line, again and again, until it speaks; lines then come back to it", async () => {
    const service = new Moody("service", { network: true });
    const local = new Moody("local");
    const router = routerOf([service, local], { firstProbeMs: 5, maxProbeMs: 10 });
    service.fails = { code: "engine-unavailable" };
    await speaker(router);
    await until(() => service.asked.length === 4);
    expect(service.asked.slice(1)).toEqual(Array.from({ length: 3 }, () => "The dragon roars, and"));
    expect(await speaker(router)).toBe("local");
    service.fails = undefined;
    while ((await problems(router))[0] !== undefined) await Bun.sleep(1);
    expect(await speaker(router)).toBe("service");
    expect(local.asked.length).toBe(2);
  });

  test("an engine that a line ends is tried with one that it spoke before", async () => {
    const service = new Moody("service");
    const router = routerOf([service, new Moody("local")], { firstProbeMs: 5 });
    await speaker(router, "All is well.");
    service.fails = { code: "engine-hung" };
    await speaker(router, "This ends it.");
    service.fails = undefined;
    while ((await problems(router))[0] !== undefined) await Bun.sleep(1);
    expect(service.asked).toEqual(["All is well.", "This ends it.", "All is well."]);
  });

  test("its own trial is used where it has one, and a trial that hangs is given up", async () => {
    let trials = 0;
    const service = Object.assign(new Moody("service"), {
      probe: async () => {
        trials += 1;
        if (trials < 3) await new Promise(() => undefined);
      },
    });
    const router = routerOf([service, new Moody("local")], { firstProbeMs: 5, probeMs: 20 });
    service.fails = { code: "engine-unavailable" };
    await speaker(router);
    service.fails = undefined;
    while ((await problems(router))[0] !== undefined) await Bun.sleep(1);
    expect([trials, service.asked.length]).toEqual([3, 1]);
    expect(await speaker(router)).toBe("service");
  });

  test("the pauses grow", async () => {
    const service = new Moody("service");
    const times: number[] = [];
    const probe = async () => {
      times.push(performance.now());
      throw new Error("still not");
    };
    const router = routerOf([Object.assign(service, { probe }), new Moody("local")], { firstProbeMs: 20 });
    service.fails = { code: "engine-unavailable" };
    await speaker(router);
    await until(() => times.length === 4);
    const [first = 0, , , last = 0] = times;
    // 40 + 80 + 160 ms, where they would be 60 if they did not grow.
    expect(last - first).toBeGreaterThan(270);
    expect(await problems(router)).toEqual(["still not", undefined]);
  });

  test("nothing is tried any more once the router is shut down, also where a trial is under way", async () => {
    const service = new Moody("service");
    let signal: AbortSignal | undefined;
    const probe = (options: { signal?: AbortSignal } = {}) => {
      signal = options.signal;
      return new Promise<void>(() => undefined);
    };
    const router = routerOf([Object.assign(service, { probe }), new Moody("local")], { firstProbeMs: 1 });
    service.fails = { code: "engine-unavailable" };
    await speaker(router);
    await until(() => signal !== undefined);
    const first = signal;
    await router.shutdown();
    expect(first?.aborted).toBe(true);
    await Bun.sleep(30);
    expect(signal).toBe(first);
  });
});
