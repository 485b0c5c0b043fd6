import { expect, test } from "bun:test";
import { deferred } from "../../../src/core/async/deferred.ts";
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
