import { expect, test } from "bun:test";
import { deferred } from "../../src/core/async/deferred.ts";
import type { EngineRef } from "../../src/engines/catalogue.ts";
import type { SentenceJob } from "../../src/engines/contract/sentence-job.ts";
import { TTSRouter } from "../../src/engines/routing/router.ts";
import type { OpenAiOptions } from "../../src/engines/services/openai.ts";
import { createInlineHost } from "../../src/pool/inline.ts";
import { SpeechPool } from "../../src/pool/pool.ts";
import type { SpeechHost } from "../../src/pool/speech-host.ts";
import { plainVoice } from "../../src/voices/voice-config.ts";
import { type Asked, HttpService, type Reply } from "../support/services/http-service.ts";
import { counting } from "../support/services/speaking.ts";
import { until } from "../support/table.ts";
import { tone } from "./speaking.ts";

const KEY = "sk-very-secret-key";
const SPEECH: Reply = { parts: [counting(2400)] };
const job: SentenceJob = {
  text: "The dragon roars!",
  voice: plainVoice("en-us"),
  encodings: ["dm20"],
  chunkBytes: 4096,
  bitrates: { opus: 24_000, "opus-low": 12_000 },
  aheadMs: 0,
};

function kokoro({ url }: { url: string }, options: OpenAiOptions = {}): EngineRef {
  return { engine: "openai", name: "kokoro", options: { baseUrl: `${url}/v1`, apiKey: KEY, ...options } };
}

/** A service that tells no voices, and answers what is to be spoken. */
function startService(reply: () => Reply): Promise<HttpService> {
  return HttpService.start(({ path }) => (path.endsWith("/voices") ? { status: 404 } : reply()));
}

function spoken(service: HttpService): Asked[] {
  return service.asked.filter(({ path }) => path.endsWith("/speech"));
}

/** Where engines run, and a router over them; both end with the test. */
async function open(engines: readonly EngineRef[], size: number) {
  const log: string[] = [];
  const options = { engines, log: (message: string) => log.push(message) };
  const host: SpeechHost =
    size > 0 ? await SpeechPool.start({ ...options, size }) : await createInlineHost(options);
  const tiers = { speed: host.engines.map(({ name }) => name) };
  const router = new TTSRouter({
    engines: host.engines,
    tiers,
    health: { firstProbeMs: 20, maxProbeMs: 20 },
  });
  return {
    router,
    log,
    host,
    async [Symbol.asyncDispose]() {
      await router.shutdown();
      await host.close();
    },
  };
}

/** The engine that spoke a line to its end. */
async function speaker(router: TTSRouter): Promise<string> {
  const { engine, events } = await router.speak(job);
  for await (const _ of events);
  return engine;
}

test.each([
  ["in a worker", 1],
  ["on this thread", 0],
])("a service with options speaks %s, under the name it was given", async (_, size) => {
  await using service = await startService(() => SPEECH);
  await using place = await open([kokoro(service, { model: "kokoro" })], size);
  expect(await speaker(place.router)).toBe("kokoro");
  expect(spoken(service)[0]).toMatchObject({
    headers: { authorization: `Bearer ${KEY}` },
    body: { model: "kokoro" },
  });
});

test("a cancelled line ends the request that a worker has made", async () => {
  await using service = await startService(() => ({ ...SPEECH, ending: "hang" }));
  await using place = await open([kokoro(service)], 1);
  const abort = new AbortController();
  const speaking = place.router.speak(job, { signal: abort.signal });
  await until(() => spoken(service).length === 1);
  abort.abort();
  await expect(speaking).rejects.toMatchObject({ code: "cancelled" });
  await until(() => service.hungUp === 1);
});

test("all workers together ask a service only so many things at once, and the others are free meanwhile", async () => {
  const go = deferred();
  await using service = await startService(() => ({ parts: [go.promise, counting(2400)] }));
  await using place = await open([kokoro(service, { maxConcurrent: 1 }), tone()], 2);
  const lines = [speaker(place.router), speaker(place.router), speaker(place.router)];
  await until(() => spoken(service).length === 1);
  const own = { ...job, voice: { ...job.voice, extra: { engine: "tone" } } };
  expect((await place.router.speak(own)).engine).toBe("tone");
  go.resolve();
  expect(await Promise.all(lines)).toEqual(["kokoro", "kokoro", "kokoro"]);
  expect([service.mostOpen, spoken(service).length]).toEqual([1, 3]);
});

test.each([
  ["a worker", 1],
  ["this thread", 0],
])(
  "a service that hangs costs one line its patience; %s speaks on while it is tried again",
  async (_, size) => {
    let isWell = false;
    await using service = await startService(() => (isWell ? SPEECH : { silent: true }));
    await using place = await open([kokoro(service, { firstAudioMs: 300 }), tone()], size);
    expect(await speaker(place.router)).toBe("tone");
    expect((await place.router.getStatus())[0]).toMatchObject({
      outOfOrder: expect.stringContaining("no audio"),
    });
    await until(() => spoken(service).length === 2);
    // The trial hangs now, in the same worker where there is but one.
    expect(await speaker(place.router)).toBe("tone");
    expect(spoken(service).filter(({ body }) => body.input === job.text).length).toBe(1);
    isWell = true;
    while ((await place.router.getStatus())[0]?.outOfOrder) await Bun.sleep(5);
    expect(await speaker(place.router)).toBe("kokoro");
    expect(spoken(service).filter(({ body }) => body.input === job.text).length).toBe(2);
  },
);

test("a service without its key is not available, and the log says how to get there", async () => {
  await using place = await open(["elevenlabs", { engine: "wyoming", name: "piper" }, tone()], 1);
  expect((await place.router.getStatus()).map(({ available }) => available)).toEqual([false, false, true]);
  expect(place.log).toEqual([
    'the engine "elevenlabs" is not available: elevenlabs needs a key: set ELEVENLABS_API_KEY',
    'the engine "piper" is not available: wyoming needs a server: set WYOMING_URL, for example to tcp://127.0.0.1:10200',
  ]);
});

test("options that make no sense are told without their values", async () => {
  const wrong = { engine: "openai", options: { apiKey: KEY, modell: KEY } } as unknown as EngineRef;
  await using place = await open([wrong, tone()], 1);
  expect(place.log).toEqual([expect.stringContaining("modell")]);
  expect(place.log.join()).not.toContain(KEY);
});

test("no key is in what a line's failure says", async () => {
  const quoted = JSON.stringify({ error: { message: `Incorrect API key: ${KEY}` } });
  await using service = await startService(() => ({ status: 401, parts: [quoted] }));
  await using place = await open([kokoro(service)], 1);
  const { message } = await place.router.speak(job).catch((error) => error);
  expect(message).toContain("kokoro: the service answered 401: Incorrect API key: ***");
  expect(JSON.stringify(await place.router.getStatus())).not.toContain(KEY);
});
