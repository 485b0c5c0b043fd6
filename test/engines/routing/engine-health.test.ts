import { afterEach, describe, expect, test } from "bun:test";
import { cleanText } from "../../../src/core/clean-text.ts";
import type { PcmPiece } from "../../../src/core/dsp/audio.ts";
import { BardcastError, type ErrorCode } from "../../../src/core/errors.ts";
import { SpeechCache } from "../../../src/engines/cache/speech-cache.ts";
import type { EngineCapabilities } from "../../../src/engines/contract/engine.ts";
import type { SentenceJob } from "../../../src/engines/contract/sentence-job.ts";
import { EngineHealth, type HealthOptions } from "../../../src/engines/routing/engine-health.ts";
import { TTSRouter } from "../../../src/engines/routing/router.ts";
import { plainVoice } from "../../../src/voices/voice-config.ts";
import { until } from "../../support/table.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

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

  test("a sentence that is kept is said in its own voice, although its engine is out of order", async () => {
    const cache = new SpeechCache({ memoryBytes: 1_000_000 });
    const [service, local] = [new Moody("service", { network: true }), new Moody("local")];
    const health = { firstProbeMs: 60_000 };
    const router = new TTSRouter({
      engines: [service, local],
      tiers: { speed: ["service"] },
      health,
      speakWith: cache.speakWith,
    });
    routers.push(router);
    await speaker(router);
    service.fails = { code: "engine-unavailable" };
    expect(await speaker(router, "Something else.")).toBe("local");
    const before = cache.status();
    expect([await speaker(router), await speaker(router, "And more.")]).toEqual(["service", "local"]);
    expect(cache.status()).toMatchObject({ hits: before.hits + 1, misses: before.misses + 1 });
    expect(service.asked.length).toBe(2);
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
    expect(service.asked.slice(1)).toEqual(["The dragon roars, and", "Hello.", "The dragon roars, and"]);
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
    expect(service.asked.slice(0, 3)).toEqual(["All is well.", "This ends it.", "All is well."]);
  });

  test("an engine whose first line was one that it cannot say is well as soon as it says anything else", async () => {
    const service = new Moody("service");
    const say = service.synthesize.bind(service);
    service.synthesize = (text, ...rest) => {
      service.fails = text.includes("dragon") ? { code: "engine-unavailable" } : undefined;
      return say(text, ...rest);
    };
    const router = routerOf([service, new Moody("local")], { firstProbeMs: 5, maxProbeMs: 10 });
    expect(await speaker(router)).toBe("local");
    while ((await problems(router))[0] !== undefined) await Bun.sleep(1);
    expect(await speaker(router, "All is well.")).toBe("service");
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

describe("whatever goes wrong with the bookkeeping", () => {
  test("an engine that failed on half a character is tried again, the log says so, and it speaks again", async () => {
    const [service, local] = [new Moody("service", { network: true }), new Moody("local")];
    const log: string[] = [];
    const health = new EngineHealth({ firstProbeMs: 5, maxProbeMs: 5 }, (line) => log.push(line));
    service.fails = { code: "engine-unavailable" };
    const text = "A line with half \ud83d an emoji.";
    health.failed(
      service,
      { text, voice: job.voice },
      new BardcastError("engine-unavailable", `503: ${text}`),
    );
    expect(health.usable([service, local])).toEqual([local]);
    expect(health.problem("service")).toBe("503: ***");
    await until(() => service.asked.length > 2);
    service.fails = undefined;
    await until(() => health.problem("service") === undefined);
    expect(log.map((line) => line.split(",")[0])).toEqual([
      'the engine "service" is out of order',
      'the engine "service" speaks again',
    ]);
    health.close();
  });

  test("a log that throws, or rejects, changes nothing", async () => {
    for (const log of [
      () => {
        throw new Error("the disk is full");
      },
      async () => {
        throw new Error("the disk is full");
      },
    ]) {
      const service = new Moody("service");
      const router = new TTSRouter({
        engines: [service, new Moody("local")],
        health: { firstProbeMs: 1 },
        log,
      });
      routers.push(router);
      service.fails = { code: "engine-hung" };
      expect(await speaker(router)).toBe("local");
      service.fails = undefined;
      while ((await problems(router))[0] !== undefined) await Bun.sleep(1);
      expect(await speaker(router)).toBe("service");
    }
  });

  test("neither half a character nor a control character reaches an engine, in a line or in a trial", async () => {
    const service = new Moody("service");
    const router = routerOf([service, new Moody("local")], { firstProbeMs: 1 });
    service.fails = { code: "engine-hung" };
    await speaker(router, `${"🐉".repeat(30)} \ud83d\0 x`);
    await until(() => service.asked.length > 1);
    await router.synthesize("half \ud83d", job.voice);
    for (const text of service.asked) expect(text).toBe(cleanText(text));
  });

  test("a trial that could not be made says nothing, and is made up for", async () => {
    let trials = 0;
    const probe = async () => {
      trials += 1;
      if (trials < 4) throw new BardcastError("busy", "no worker is free");
    };
    const service = Object.assign(new Moody("service"), { probe });
    const router = routerOf([service, new Moody("local")], { firstProbeMs: 5 });
    service.fails = { code: "engine-unavailable" };
    await speaker(router);
    await until(() => trials === 2);
    expect(await problems(router)).toEqual(["no more", undefined]);
    while ((await problems(router))[0] !== undefined) await Bun.sleep(1);
    expect(trials).toBe(4);
  });
});

describe("an engine that does not get warm", () => {
  class Cold extends Moody {
    coldFor = 1;

    override async warmup(): Promise<void> {
      await super.warmup();
      if (this.warmups <= this.coldFor) throw new Error("its model is still being copied");
    }
  }

  test("is out of order, and speaks as soon as it is warm, of itself", async () => {
    const cold = new Cold("cold");
    const log: string[] = [];
    const router = new TTSRouter({
      engines: [cold, new Moody("local")],
      health: { firstProbeMs: 5 },
      log: (line) => log.push(line),
    });
    routers.push(router);
    await router.warmup();
    expect(await problems(router)).toEqual(["its model is still being copied", undefined]);
    expect(await speaker(router)).toBe("local");
    await until(() => log.length === 2);
    expect([await speaker(router), cold.warmups]).toEqual(["cold", 2]);
  });

  test("or is asked to once more", async () => {
    const cold = new Cold("cold");
    const router = routerOf([cold, new Moody("local")]);
    await router.warmup();
    expect(await speaker(router)).toBe("local");
    await router.warmup();
    expect(await problems(router)).toEqual([undefined, undefined]);
    expect(await speaker(router)).toBe("cold");
  });
});

describe("an engine on this thread that never answers", () => {
  const hanging = (engine: Moody): Moody["synthesize"] =>
    async function* (text) {
      engine.asked.push(text);
      await new Promise(() => undefined);
      yield { samples: new Float32Array(), sampleRate: 8000 };
    };

  test("is given up, and the next one speaks; it is not waited for in the next line", async () => {
    const engine = new Moody("engine");
    engine.synthesize = hanging(engine);
    const router = new TTSRouter({
      engines: [engine, new Moody("local")],
      hangMs: 30,
      health: { firstProbeMs: 60_000 },
    });
    routers.push(router);
    expect([await speaker(router), await speaker(router)]).toEqual(["local", "local"]);
    expect(engine.asked.length).toBe(1);
    expect((await problems(router))[0]).toBe('the engine "engine" gave no sound within 30 ms');
  });

  test("though it keeps sending nothing", async () => {
    const engine = new Moody("engine");
    engine.synthesize = async function* () {
      for (;;) {
        await Bun.sleep(5);
        yield { samples: new Float32Array(), sampleRate: 8000 };
      }
    };
    const router = new TTSRouter({ engines: [engine, new Moody("local")], hangMs: 60 });
    routers.push(router);
    expect(await speaker(router)).toBe("local");
  });

  test("though it never even waits before it sends nothing more: all others have their turn meanwhile", async () => {
    const engine = new Moody("engine");
    engine.synthesize = async function* () {
      for (;;) yield { samples: new Float32Array(), sampleRate: 8000 };
    };
    const router = new TTSRouter({ engines: [engine, new Moody("local")], hangMs: 60 });
    routers.push(router);
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 1);
    expect(await speaker(router)).toBe("local");
    clearInterval(others);
    expect(turns).toBeGreaterThan(1);
  });

  test("where it is the only one, two lines wait for it, and no third", async () => {
    const engine = new Moody("engine");
    engine.synthesize = hanging(engine);
    const router = new TTSRouter({ engines: [engine], hangMs: 30, health: { firstProbeMs: 60_000 } });
    routers.push(router);
    for (let line = 0; line < 4; line++) await expect(speaker(router)).rejects.toThrow("gave no sound");
    expect(engine.asked.length).toBe(2);
  });

  test("does not keep a line that is cancelled", async () => {
    const engine = new Moody("engine");
    engine.synthesize = hanging(engine);
    const router = routerOf([engine]);
    const abort = new AbortController();
    const line = router.speak(job, { signal: abort.signal });
    await Bun.sleep(5);
    abort.abort();
    await expect(line).rejects.toMatchObject({ code: "cancelled" });
    expect(await problems(router)).toEqual([undefined]);
  });
});

const hostile = Object.defineProperty({}, "message", {
  get() {
    throw new Error("no");
  },
});

test.each([
  [undefined],
  [null],
  ["words"],
  [Object.freeze(new Error("frozen"))],
  [hostile],
  [Symbol("odd")],
  [Object.create(null)],
])("whatever an engine throws, wherever it does, others speak: case %#", async (thrown) => {
  const fail = (): never => {
    throw thrown;
  };
  const parts = ["supportedLanguages", "isAvailable", "warmup", "shutdown", "synthesize"] as const;
  for (const part of parts) {
    const engine = Object.assign(new Moody("engine"), { [part]: fail });
    const router = new TTSRouter({ engines: [engine, new Moody("local")], tiers: { speed: ["local"] } });
    routers.push(router);
    await router.warmup();
    expect(await speaker(router)).toBe("local");
    await router.getStatus();
  }
  const unnamed = Object.defineProperty(new Moody("engine"), "name", { get: fail });
  const router = new TTSRouter({ engines: [unnamed, new Moody("local")] });
  routers.push(router);
  expect(await speaker(router)).toBe("local");
});
