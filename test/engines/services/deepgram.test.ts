import { expect, test } from "bun:test";
import { deferred } from "../../../src/core/async/deferred.ts";
import { encodeClip } from "../../../src/engines/render/clip-collector.ts";
import { createDeepgramEngine } from "../../../src/engines/services/deepgram.ts";
import { HttpService, type Reply } from "../../support/services/http-service.ts";
import { counting, cut, failure, say, start } from "../../support/services/speaking.ts";
import { until } from "../../support/table.ts";

const apiKey = "deepgram-secret";

test("speech is heard before the service has finished, whole however it is cut", async () => {
  const more = deferred();
  const [first = counting(0), ...rest] = cut(counting(500), 251);
  await using service = await HttpService.start(() => ({ parts: [first, more.promise, ...rest] }));
  const samples: number[] = [];
  for await (const piece of start(createDeepgramEngine({ baseUrl: service.url, apiKey }))) {
    samples.push(...piece.samples);
    more.resolve();
  }
  expect(samples.map((sample) => Math.round(sample * 32_768))).toEqual(
    Array.from({ length: 500 }, (_, at) => at),
  );
  const { path, headers, body } = service.asked[0] ?? {};
  expect(path).toBe("/v1/speak?model=aura-2-thalia-en&encoding=linear16&sample_rate=24000&container=none");
  expect(headers?.authorization).toBe(`Token ${apiKey}`);
  expect(body).toEqual({ text: "The dragon roars!" });
});

test("only its own voices are asked for, and one it does not know gives way", async () => {
  await using service = await HttpService.start(({ path }): Reply => {
    const err_msg = "No such model/language/tier combination found.";
    return path.includes("nobody")
      ? { status: 400, parts: [JSON.stringify({ err_msg })] }
      : { parts: [counting(9)] };
  });
  const engine = createDeepgramEngine({ baseUrl: service.url, apiKey, voice: "aura-2-celeste-es" });
  for (const voiceId of ["aura-2-zeus-en", "en-us+f3", "alloy", "aura-2-nobody-en"])
    await say(engine, "Hola.", { voiceId });
  const models = service.asked.map(({ path }) => new URLSearchParams(path.split("?")[1]).get("model"));
  const own = "aura-2-celeste-es";
  expect(models).toEqual(["aura-2-zeus-en", own, own, "aura-2-nobody-en", own]);
  expect(engine.supportedLanguages()).toEqual(["es"]);
});

test("a cancelled line ends the request; without a key it says how to get there", async () => {
  await using service = await HttpService.start(() => ({ silent: true }));
  const abort = new AbortController();
  const saying = say(createDeepgramEngine({ baseUrl: service.url, apiKey }), "Hello.", {}, abort.signal);
  await until(() => service.asked.length === 1);
  abort.abort();
  await failure(saying);
  await until(() => service.hungUp === 1);
  expect((await failure(createDeepgramEngine().warmup())).message).toContain("DEEPGRAM_API_KEY");
});

test("each language is spoken by a voice of its own", async () => {
  await using service = await HttpService.start(() => ({ parts: [counting(9)] }));
  const engine = createDeepgramEngine({ baseUrl: service.url, apiKey });
  expect(engine.supportedLanguages()).toEqual(["en", "es", "de", "fr", "nl", "it", "ja"]);
  await say(engine, "Hallo.", { voiceId: "de", language: "de-at" });
  await say(engine, "Bonjour.", { voiceId: "fr+m3", language: "fr" });
  await say(engine, "Hello.", { voiceId: "en", language: "en" });
  const models = service.asked.map(({ path }) => new URLSearchParams(path.split("?")[1]).get("model"));
  expect(models).toEqual(["aura-2-viktoria-de", "aura-2-hector-fr", "aura-2-thalia-en"]);
});

test("Flux is asked where it is, and its WAV is read", async () => {
  const wav = (
    await encodeClip(
      Float32Array.from({ length: 2400 }, () => 0.5),
      "wav",
      24_000,
    )
  ).bytes;
  await using service = await HttpService.start(() => ({
    headers: { "Content-Type": "audio/wav" },
    parts: [wav],
  }));
  const engine = createDeepgramEngine({ baseUrl: service.url, apiKey, voice: "flux-haley-en", speed: true });
  expect(engine.capabilities.prosody?.speed).toEqual([0.85, 1.15]);
  const { samples } = await say(engine, "Hello.", { speed: 1.13 });
  expect(samples.length).toBe(2400);
  expect(service.asked[0]?.path).toBe(
    "/v2/speak?model=flux-haley-en&encoding=linear16&sample_rate=24000&speed=1.15",
  );
});

test("Aura changes the speed where that was asked for, in the languages in which it can", async () => {
  await using service = await HttpService.start(() => ({ parts: [counting(9)] }));
  const engine = createDeepgramEngine({ baseUrl: service.url, apiKey, speed: true });
  expect([engine.capabilities.prosody?.speed, engine.supportedLanguages()]).toEqual([
    [0.7, 1.5],
    ["en", "es"],
  ]);
  await say(engine, "Hello.", { speed: 0.8 });
  await say(engine, "Hello.", { voiceId: "flux-haley-en", speed: 1.5 });
  expect(service.asked.map(({ path }) => /speed=(.*)/.exec(path)?.[1])).toEqual(["0.80", "1.15"]);
});
