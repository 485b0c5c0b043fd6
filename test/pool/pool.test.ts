import { afterEach, describe, expect, test } from "bun:test";
import { BardcastError } from "../../src/core/errors.ts";
import type { EngineRef } from "../../src/engines/catalogue.ts";
import type { SpeakingEngine } from "../../src/engines/contract/sentence-job.ts";
import { createInlineHost } from "../../src/pool/inline.ts";
import { SpeechPool, type SpeechPoolOptions } from "../../src/pool/pool.ts";
import { WINDOW } from "../../src/pool/protocol.ts";
import { ATTEMPTS, counted, createTally, PIECES, STOPPED, untilCounted } from "../fixtures/engines/tally.ts";
import { codeOf, collect, job, messages, mishap, tone, voice } from "./speaking.ts";

const pools: SpeechPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

async function start(
  engine: EngineRef,
  options: Partial<SpeechPoolOptions> = {},
): Promise<{ pool: SpeechPool; engine: SpeakingEngine }> {
  const pool = await SpeechPool.start({ engines: [engine], size: 1, ...options });
  pools.push(pool);
  return { pool, engine: pool.engines[0] as SpeakingEngine };
}

describe("speaking", () => {
  test("a worker speaks exactly what this thread would", async () => {
    const { engine } = await start(tone({ words: true }));
    const inline = await createInlineHost({ engines: [tone({ words: true })] });
    const [here] = inline.engines;
    expect(await collect(engine.speak(job()))).toEqual(await collect((here as SpeakingEngine).speak(job())));
    await inline.close();
  });

  test("an engine in a worker describes itself as it is", async () => {
    const { engine } = await start(tone({ words: true }));
    expect(engine.name).toBe("tone");
    expect(engine.capabilities).toEqual({ streaming: true, wordTimes: true });
    expect(engine.supportedLanguages()).toEqual(["en", "tlh"]);
    expect(await engine.isAvailable()).toBe(true);
    await engine.warmup();
  });

  test("PCM comes through as the engine made it", async () => {
    const { engine } = await start(tone({ words: true }));
    const inline = await createInlineHost({ engines: [tone({ words: true })] });
    const [here] = inline.engines;
    const there = await collect(engine.synthesize("Psst.", voice));
    expect(there).toHaveLength(4);
    expect(there).toEqual(await collect((here as SpeakingEngine).synthesize("Psst.", voice)));
    await inline.close();
  });

  test("two workers speak at the same time", async () => {
    const tally = createTally();
    const { pool, engine } = await start(tone({ tally, meet: 2 }), { size: 2 });
    await Promise.all([collect(engine.speak(job("one"))), collect(engine.speak(job("two")))]);
    expect(pool.status()).toMatchObject({ kind: "pool", workers: 2, restarts: 0 });
  });

  test("sentences that wait are spoken in the order they came", async () => {
    const { engine } = await start(tone());
    const order: number[] = [];
    const speak = async (index: number): Promise<void> => {
      for await (const event of engine.speak(job(`Line ${index}`)))
        if (event.type === "end") order.push(index);
    };
    await Promise.all([0, 1, 2, 3, 4].map(speak));
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  test("an engine's failure keeps its code, and its worker", async () => {
    const { pool, engine } = await start(mishap({ mishap: "throw-code" }));
    expect(await codeOf(collect(engine.speak(job())))).toBe("voice-unknown");
    expect(await codeOf(collect(engine.synthesize("Psst.", voice)))).toBe("voice-unknown");
    expect(pool.status().restarts).toBe(0);
  });

  test("what an engine throws becomes `engine-failed` with its message", async () => {
    const { engine } = await start(mishap({ mishap: "throw" }));
    const error = await collect(engine.speak(job())).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BardcastError);
    expect(error).toMatchObject({ code: "engine-failed", message: "the engine stumbled" });
  });

  test("an engine that yields nothing is silent, not finished", async () => {
    const { engine } = await start(tone({ pieces: 0 }));
    expect(await codeOf(collect(engine.speak(job())))).toBe("engine-silent");
  });

  test("a voice that cannot cross threads is refused, and the worker speaks on", async () => {
    const { engine } = await start(tone());
    const odd = { ...voice, extra: { effect: () => undefined } };
    expect(await codeOf(collect(engine.speak({ ...job(), voice: odd })))).toBe("bad-request");
    expect(messages(await collect(engine.speak(job()))).length).toBeGreaterThan(0);
  });
});

describe("limits", () => {
  test("an engine without end makes no more pieces than the window while nobody takes them", async () => {
    const tally = createTally();
    const { engine } = await start(tone({ tally, pieces: 100_000 }));
    const events = engine.speak(job())[Symbol.asyncIterator]();
    await events.next();
    await untilCounted(tally, PIECES, WINDOW);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(counted(tally, PIECES)).toBe(WINDOW);
    for (let taken = 1; taken < 3 * WINDOW; taken++) await events.next();
    expect(counted(tally, PIECES)).toBeLessThanOrEqual(4 * WINDOW);
    await events.return?.();
  });

  test("a consumer that does not pull is not mistaken for an engine that hangs", async () => {
    const tally = createTally();
    const { pool, engine } = await start(tone({ tally, pieces: 3 * WINDOW }), { hangMs: 1500 });
    const events = engine.speak(job())[Symbol.asyncIterator]();
    await events.next();
    await untilCounted(tally, PIECES, WINDOW);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    while (!(await events.next()).done);
    expect(pool.status().restarts).toBe(0);
  });

  test("one sentence more than may wait is refused as busy", async () => {
    const { pool, engine } = await start(tone({ tally: createTally(), meet: 2 }), { maxQueued: 2 });
    const stop = new AbortController();
    const lines = [1, 2, 3].map(() => codeOf(collect(engine.speak(job(), { signal: stop.signal }))));
    await Bun.sleep(0);
    expect(pool.status()).toMatchObject({ busy: 1, queued: 2 });
    const refused = await collect(engine.speak(job())).catch((reason: unknown) => reason);
    expect(refused).toMatchObject({ code: "busy", retryable: true });
    stop.abort();
    expect(await Promise.all(lines)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(pool.status().queued).toBe(0);
  });
});

describe("cancelling", () => {
  test("ends the sentence at once and reaches the engine", async () => {
    const tally = createTally();
    const { engine } = await start(tone({ tally, pieces: 100_000 }));
    const stop = new AbortController();
    const events = engine.speak(job(), { signal: stop.signal })[Symbol.asyncIterator]();
    await events.next();
    stop.abort();
    expect(await codeOf(events.next())).toBe("cancelled");
    await untilCounted(tally, STOPPED, 1);
  });

  test("costs its worker where the engine does not stop", async () => {
    const tally = createTally();
    const { pool, engine } = await start(mishap({ mishap: "hang", times: 1, tally }), { hangMs: 600 });
    const stop = new AbortController();
    const line = codeOf(collect(engine.speak(job(), { signal: stop.signal })));
    await untilCounted(tally, PIECES, 2);
    stop.abort();
    expect(await line).toBe("cancelled");
    expect(messages(await collect(engine.speak(job())))).not.toBeEmpty();
    expect(pool.status()).toMatchObject({ workers: 1, restarts: 1 });
  });

  test("a sentence that is cancelled before it begins never begins", async () => {
    const tally = createTally();
    const { engine } = await start(tone({ tally }));
    const signal = AbortSignal.abort();
    expect(await codeOf(collect(engine.speak(job(), { signal })))).toBe("cancelled");
    await collect(engine.speak(job()));
    expect(counted(tally, ATTEMPTS)).toBe(1);
  });

  test("a consumer that walks away frees the worker", async () => {
    const tally = createTally();
    const { pool, engine } = await start(tone({ tally, pieces: 100_000 }));
    for await (const _ of engine.speak(job())) break;
    await untilCounted(tally, STOPPED, 1);
    for await (const event of engine.speak(job())) {
      expect(event).toEqual({ type: "progress", samples: 800 });
      break;
    }
    expect(pool.status().restarts).toBe(0);
  });

  test("closing ends what is spoken and what waits, and may be done twice", async () => {
    const tally = createTally();
    const { pool, engine } = await start(tone({ tally, meet: 2 }));
    const lines = [1, 2].map(() => codeOf(collect(engine.speak(job()))));
    await untilCounted(tally, ATTEMPTS, 1);
    await Promise.all([pool.close(), pool.close()]);
    expect(await Promise.all(lines)).toEqual(["closed", "closed"]);
    expect(await codeOf(collect(engine.speak(job())))).toBe("closed");
    expect(pool.status()).toEqual({ kind: "pool", workers: 0, busy: 0, queued: 0, restarts: 0 });
  });
});
