import { expect, test } from "bun:test";
import { deferred } from "../../../src/core/async/deferred.ts";
import { createCartesiaEngine } from "../../../src/engines/services/cartesia.ts";
import { HttpService } from "../../support/services/http-service.ts";
import { counting, cut, failure, say, start } from "../../support/services/speaking.ts";
import { until } from "../../support/table.ts";

const apiKey = "cartesia-secret";
const event = (fields: Record<string, unknown>) =>
  `event: ${fields.type}\ndata: ${JSON.stringify(fields)}\n\n`;
const chunk = (samples: number, from: number) =>
  event({ type: "chunk", data: Buffer.from(counting(samples, from)).toString("base64"), done: false });
const times = (words: string[], start: number[], end: number[]) =>
  event({ type: "timestamps", word_timestamps: { words, start, end }, done: false });
const DONE = event({ type: "done", done: true });
const DEFAULT_VOICE = "f786b574-daa5-4673-aa0c-cbe3e8534c02";

test("speech and words are heard before the service has finished", async () => {
  const more = deferred();
  const begin = cut(Buffer.from(chunk(300, 0) + times(["The", "dragon"], [0, 0.2], [0.2, 0.7])), 61);
  const rest = cut(Buffer.from(chunk(300, 300) + times(["roars!"], [0.8], [1.3]) + DONE), 61);
  await using service = await HttpService.start(() => ({ parts: [...begin, more.promise, ...rest] }));
  const engine = createCartesiaEngine({ baseUrl: service.url, apiKey });
  const samples: number[] = [];
  const words: unknown[] = [];
  for await (const piece of start(engine)) {
    samples.push(...piece.samples);
    words.push(...(piece.words ?? []));
    more.resolve();
  }
  expect(samples.map((sample) => Math.round(sample * 32_768))).toEqual(
    Array.from({ length: 600 }, (_, at) => at),
  );
  expect(words).toEqual([
    [0, 3, 0, 200],
    [4, 6, 200, 700],
    [11, 5, 800, 1300],
  ]);
  expect(service.asked[0]).toMatchObject({
    path: "/tts/sse",
    headers: { authorization: `Bearer ${apiKey}`, "cartesia-version": "2026-03-01" },
    body: {
      model_id: "sonic-3.5",
      transcript: "The dragon roars!",
      language: "en",
      output_format: { container: "raw", encoding: "pcm_s16le", sample_rate: 24_000 },
      add_timestamps: true,
    },
  });
});

test("only UUIDs are its voices", async () => {
  await using service = await HttpService.start(() => ({ parts: [chunk(9, 0), DONE] }));
  const engine = createCartesiaEngine({ baseUrl: service.url, apiKey });
  const uuid = "a0e99841-438c-4a64-b679-ae501e7d6091";
  for (const voiceId of [uuid, "en-us+f3", "JBFqnCBsd6RMkjVDRZzb"]) await say(engine, "Hello.", { voiceId });
  const voices = service.asked.map(({ body }) => (body.voice as { id: string }).id);
  expect(voices).toEqual([uuid, DEFAULT_VOICE, DEFAULT_VOICE]);
});

test("an error in the stream, a stream without its end, and a cancel end the line", async () => {
  const replies = [
    { parts: [event({ type: "error", title: "No", message: "The model is not valid.", done: true })] },
    { parts: [chunk(9, 0)] },
    { parts: [chunk(9, 0)], ending: "hang" as const },
  ];
  await using service = await HttpService.start((_, index) => replies[index] ?? {});
  const engine = createCartesiaEngine({ baseUrl: service.url, apiKey });
  expect((await failure(say(engine))).message).toBe("the service said: The model is not valid.");
  expect((await failure(say(engine))).message).toBe("the connection broke");
  const abort = new AbortController();
  const saying = say(engine, "Hello.", {}, abort.signal);
  await until(() => service.asked.length === 3);
  abort.abort();
  await failure(saying);
  await until(() => service.hungUp === 1);
});

test("errors are told by their own words, a crowd is asked again, and a voice that is gone gives way", async () => {
  const error = (error_code: string | null, status_code: number) =>
    event({ type: "error", done: true, title: "No", message: "It is so.", error_code, status_code });
  const replies = [
    {
      status: 401,
      parts: [JSON.stringify({ error_code: null, title: "Invalid key", message: "No such key." })],
    },
    { parts: [error("concurrency_limited", 429)] },
    { parts: [chunk(9, 0), DONE] },
    { parts: [error("voice_not_found", 404)] },
    { parts: [chunk(9, 0), DONE] },
    { parts: [error("model_not_found", 400)] },
  ];
  await using service = await HttpService.start((_, index) => replies[index] ?? {});
  const engine = createCartesiaEngine({ baseUrl: service.url, apiKey });
  expect(await failure(say(engine))).toMatchObject({
    code: "engine-unavailable",
    message: "the service answered 401: No such key.",
  });
  expect((await say(engine)).samples.length).toBe(9);
  const voiceId = "a0e99841-438c-4a64-b679-ae501e7d6091";
  expect((await say(engine, "Hello.", { voiceId })).samples.length).toBe(9);
  expect(await failure(say(engine))).toMatchObject({ code: "engine-failed", retryable: false });
  const voices = service.asked.map(({ body }) => (body.voice as { id: string }).id);
  expect(voices.slice(3, 5)).toEqual([voiceId, DEFAULT_VOICE]);
});
