import { expect, test } from "bun:test";
import { deferred } from "../../../src/core/async/deferred.ts";
import { createOpenAiEngine, type OpenAiOptions } from "../../../src/engines/services/openai.ts";
import { HttpService, type Reply } from "../../support/services/http-service.ts";
import { counting, failure, say, start } from "../../support/services/speaking.ts";
import { until } from "../../support/table.ts";

const KEY = "sk-very/secret key";
const SPEECH: Reply = { parts: [counting(10)] };

function engineAt(url: string, options: OpenAiOptions = {}) {
  return createOpenAiEngine({ baseUrl: `${url}/v1`, apiKey: KEY, ...options });
}

/** A service that answers with one reply after the other, the last one for good. */
function answering(...replies: Reply[]): Promise<HttpService> {
  return HttpService.start((_, index) => replies[Math.min(index, replies.length - 1)] ?? SPEECH);
}

test.each([[429], [500], [503]])(
  "a service that answers %d is asked again, twice at most",
  async (status) => {
    await using recovering = await answering({ status }, { status }, SPEECH);
    expect((await say(engineAt(recovering.url))).samples.length).toBe(10);
    await using failing = await answering({ status });
    expect(await failure(say(engineAt(failing.url)))).toMatchObject({ retryable: true });
    expect([recovering.asked.length, failing.asked.length]).toEqual([3, 3]);
  },
);

test("a connection that breaks before the first audio is tried again", async () => {
  await using service = await answering({ ending: "drop" }, SPEECH);
  await say(engineAt(service.url));
  expect(service.asked.length).toBe(2);
});

test.each([[400], [401], [403], [404]])(
  "a service that refuses with %d is not asked again",
  async (status) => {
    await using service = await answering({ status });
    expect(await failure(say(engineAt(service.url)))).toMatchObject({ retryable: false });
    expect(service.asked.length).toBe(1);
  },
);

test("when the service says when to ask again, it is not asked before, and not at all where nobody waits so long", async () => {
  await using soon = await answering({ status: 429, headers: { "Retry-After": "1" } }, SPEECH);
  const began = performance.now();
  await say(engineAt(soon.url));
  expect(performance.now() - began).toBeGreaterThan(900);
  await using later = await answering({ status: 429, headers: { "Retry-After": "3600" } }, SPEECH);
  await failure(say(engineAt(later.url)));
  expect(later.asked.length).toBe(1);
});

test("a date at which to ask again is one by the service's clock, whatever this one shows", async () => {
  const at = (ms: number): string => new Date(Date.UTC(2001, 1, 3) + ms).toUTCString();
  const headers = { Date: at(0), "Retry-After": at(3_600_000) };
  await using later = await answering({ status: 503, headers }, SPEECH);
  await failure(say(engineAt(later.url)));
  expect(later.asked.length).toBe(1);
});

test("a service that never answers is given up after its time, and its request ended", async () => {
  await using service = await answering({ silent: true });
  const error = await failure(say(engineAt(service.url, { firstAudioMs: 100 })));
  expect(error).toMatchObject({ code: "engine-hung", message: expect.stringContaining("no audio after") });
  await until(() => service.hungUp === 1);
  expect(service.asked.length).toBe(1);
});

test("all tries together have the time of the first audio", async () => {
  await using service = await answering({ status: 500 }, { silent: true });
  const error = await failure(say(engineAt(service.url, { firstAudioMs: 500 })));
  expect(error.code).toBe("engine-hung");
  const [, ms] = /after (\d+) ms/.exec(error.message) ?? [];
  expect(Number(ms)).toBeLessThan(500);
});

test("a service that falls silent in the middle is given up, however long it spoke before", async () => {
  await using service = await answering({ ...SPEECH, ending: "hang" });
  const error = await failure(say(engineAt(service.url, { idleMs: 100 })));
  expect(error).toMatchObject({
    code: "engine-hung",
    message: expect.stringContaining("no more audio after"),
  });
  await until(() => service.hungUp === 1);
});

test("words without sound are no sign of life", async () => {
  const line = (fields: object) => `${JSON.stringify(fields)}\n`;
  const audio = Buffer.from(counting(100)).toString("base64");
  const timestamps = [{ word: "dragon", start_time: 0, end_time: 1 }];
  const words = Array.from({ length: 20 }, (_, at) => [Bun.sleep(at * 40), line({ timestamps })]).flat();
  await using service = await answering({ parts: [line({ audio }), ...words] });
  const engine = engineAt(service.url, { idleMs: 200, captions: true });
  const error = await failure(say(engine, "dragon ".repeat(20)));
  expect(error).toMatchObject({ code: "engine-hung", message: expect.stringContaining("no more audio") });
});

test("a slow reader is no silence of the service", async () => {
  await using service = await answering({ parts: [counting(10), counting(10)] });
  let samples = 0;
  for await (const piece of start(engineAt(service.url, { idleMs: 100 }))) {
    samples += piece.samples.length;
    await Bun.sleep(200);
  }
  expect(samples).toBe(20);
});

test("a server that is not there cannot be reached, and only its host is told", async () => {
  const gone = await HttpService.start(() => SPEECH);
  const { url } = gone;
  await gone[Symbol.asyncDispose]();
  const error = await failure(say(engineAt(url)));
  expect(error).toMatchObject({ code: "engine-unavailable", retryable: true });
  expect(error.message).toBe(`${new URL(url).host} cannot be reached`);
});

test("only so many requests are under way at once; the others wait, and one that is cancelled leaves", async () => {
  const go = deferred();
  await using service = await answering({ parts: [go.promise, counting(10)] });
  const engine = engineAt(service.url, { maxConcurrent: 2 });
  const abort = new AbortController();
  const saying = Array.from({ length: 2 }, () => say(engine));
  await until(() => service.asked.length === 2);
  const cancelled = Array.from({ length: 2 }, () => failure(say(engine, "Never mind.", {}, abort.signal)));
  saying.push(...Array.from({ length: 3 }, () => say(engine)));
  abort.abort(new Error("never mind"));
  expect((await Promise.all(cancelled)).map(({ message }) => message)).toEqual(["never mind", "never mind"]);
  go.resolve();
  await Promise.all(saying);
  expect([service.mostOpen, service.asked.length]).toEqual([2, 5]);
});

test("a server that does not even know the engine's own voice cannot be used", async () => {
  await using service = await answering({ status: 400, parts: [`{"message":"Voice alloy not found"}`] });
  expect(await failure(say(engineAt(service.url)))).toMatchObject({ code: "engine-unavailable" });
  expect(service.asked.length).toBe(1);
});

test("a signal that lasts is left as it was found", async () => {
  await using service = await answering(SPEECH, { status: 400 });
  const { signal } = new AbortController();
  const heard = { addEventListener: 0, removeEventListener: 0 };
  for (const name of ["addEventListener", "removeEventListener"] as const) {
    const real = signal[name].bind(signal);
    Object.defineProperty(signal, name, {
      value(type: "abort", listener: () => void, options?: AddEventListenerOptions) {
        heard[name] += 1;
        real(type, listener, options);
      },
    });
  }
  await say(engineAt(service.url), "Hello.", {}, signal);
  await failure(say(engineAt(service.url), "Hello.", {}, signal));
  expect(heard.addEventListener).toBeGreaterThan(0);
  expect(heard.removeEventListener).toBe(heard.addEventListener);
});

test("a place is free again after a failure, a cancel and a reader who left", async () => {
  await using service = await answering(
    { status: 400 },
    { silent: true },
    { ...SPEECH, ending: "hang" },
    SPEECH,
  );
  const engine = engineAt(service.url, { maxConcurrent: 1 });
  await failure(say(engine));
  const abort = new AbortController();
  const cancelled = failure(say(engine, "Hm.", {}, abort.signal));
  await until(() => service.asked.length === 2);
  abort.abort();
  await cancelled;
  for await (const _ of start(engine)) break;
  expect((await say(engine)).samples.length).toBe(10);
});

test.each([
  ["as it is", KEY],
  ["as it stands in a URL", encodeURIComponent(KEY)],
])("a key that the service quotes, %s, is in no message", async (_, quoted) => {
  const body = JSON.stringify({
    error: { message: `Incorrect API key provided: ${quoted}. See your account.` },
  });
  await using service = await answering({ status: 401, parts: [body] });
  const error = await failure(say(engineAt(service.url)));
  expect(error.message).toBe("the service answered 401: Incorrect API key provided: ***. See your account.");
  expect(error.cause).toBeUndefined();
});

test("what a service says at length is cut, and a page of HTML is not quoted", async () => {
  await using service = await answering(
    { status: 400, parts: ["x".repeat(100_000)] },
    { status: 400, headers: { "Content-Type": "text/html" }, parts: ["<h1>No</h1>"] },
  );
  expect((await failure(say(engineAt(service.url)))).message.length).toBeLessThan(250);
  expect((await failure(say(engineAt(service.url)))).message).toBe("the service answered 400");
});

test("a server that is no such service is told apart by the address that it has not", async () => {
  await using service = await answering({
    status: 404,
    headers: { "Content-Type": "text/html" },
    parts: ["<h1>No</h1>"],
  });
  expect((await failure(say(engineAt(service.url)))).message).toMatch(
    /^the service answered 404: it has no \/\S*audio\/speech$/,
  );
});

test("a key that stands where a message is cut is not quoted in part", async () => {
  await using service = await answering({ status: 400, parts: ["x".repeat(205), KEY] });
  const { message } = await failure(say(engineAt(service.url)));
  expect(message).toEndWith("xxx***");
});

test("a refusal whose words break off is a refusal", async () => {
  await using service = await answering({ status: 401, parts: ["No"], ending: "drop" });
  expect(await failure(say(engineAt(service.url)))).toMatchObject({ code: "engine-unavailable" });
  expect(service.asked.length).toBe(1);
});

test("a redirect is not followed: the key would go along", async () => {
  await using other = await answering(SPEECH);
  await using service = await answering({
    status: 307,
    headers: { Location: `${other.url}/v1/audio/speech` },
  });
  expect((await failure(say(engineAt(service.url)))).message).toContain("307");
  expect(other.asked).toEqual([]);
});

test("a probe waits for its turn, hears one sound and leaves", async () => {
  await using service = await answering({ ...SPEECH, ending: "hang" });
  const engine = engineAt(service.url, { maxConcurrent: 1 });
  const line = start(engine)[Symbol.asyncIterator]();
  await line.next();
  const probing = engine.probe?.();
  await Bun.sleep(20);
  expect(service.asked.length).toBe(1);
  await line.return?.();
  await probing;
  await until(() => service.hungUp === 2);
  expect(service.asked[1]?.body).toMatchObject({ input: "Hello.", voice: "alloy" });
});

test("a speaker keeps one voice where the service lacks the one that would have stood in, and where it came late", async () => {
  const told = { parts: [JSON.stringify({ voices: ["af_heart", "af_bella", "af_sky", "am_adam"] })] };
  const gone = new Set<unknown>();
  let away: Reply | undefined;
  await using service = await HttpService.start(({ path, body }) => {
    if (away) return away;
    if (path.endsWith("/voices")) return told;
    return gone.has(body.voice) ? { status: 400, parts: ["no such voice"] } : SPEECH;
  });
  const spoken = () =>
    service.asked.flatMap(({ path, body }) => (path.endsWith("/speech") ? [body.voice] : []));
  const voice = { voiceId: "en-us+f3" };
  const first = engineAt(service.url);
  await first.warmup();
  await say(first, "One.", voice);
  gone.add(spoken()[0]);
  for (const text of ["Two.", "Three."]) await say(first, text, voice);
  const [wanted, again, other, same] = spoken();
  expect(again).toBe(wanted);
  expect(other).toStartWith("af_");
  expect(same).toBe(other);

  for (const absence of [{ ending: "drop" }, { status: 503 }] as const) {
    away = absence;
    const late = engineAt(service.url);
    await late.warmup();
    away = undefined;
    await say(late, "Four.", { voiceId: "en-us+m1" });
    expect(spoken().at(-1)).toBe("am_adam");
  }
});
