import { expect, test } from "bun:test";
import { Hono } from "hono";
import OpenAI from "openai";
import { createOpenAiEngine } from "../../../src/engines/services/openai.ts";
import { createOpenAiApi } from "../../../src/server/openai/openai-api.ts";
import { createPcmWriter } from "../../../src/server/openai/sound/pcm-writer.ts";
import { writtenSound } from "../../../src/server/openai/speech-sound.ts";
import type { VoiceConfig } from "../../../src/voices/voice-config.ts";
import { startServer } from "../../support/server.ts";
import { say } from "../../support/services/speaking.ts";
import { until } from "../../support/table.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

const TEXT = "The door creaks open. Something is breathing in there!";

const engine = new ToneEngine({ samplesPerChar: 400, failsOn: (text) => text.includes("unspeakable") });
/** Speaks until it is told to stop. */
const endless = {
  name: "endless",
  stopped: 0,
  async *synthesize(_text: string, _voice: VoiceConfig, { signal }: { signal?: AbortSignal } = {}) {
    const sound = new Float32Array(40_000).fill(0.1).map((value, index) => value * Math.sin(index / 9));
    yield { samples: sound, sampleRate: 8000 };
    await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    this.stopped += 1;
  },
};
const server = await startServer({ engines: [engine], cache: false });
const { party } = server;
/** What was said once is said again to the sample: how loud a voice is was learned then. */
const keeping = await startServer({ engines: [new ToneEngine({ samplesPerChar: 400 })] });
const baseURL = `${server.url}/v1`;
const client = new OpenAI({ apiKey: server.dmToken, baseURL, maxRetries: 0 });

/** A request as a program sends it. */
function post(body: object, { path = "/v1/audio/speech", token = server.dmToken, signal }: Asking = {}) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  return fetch(`${server.url}${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

interface Asking {
  path?: string;
  token?: string;
  signal?: AbortSignal;
}

/** The same text as listeners at the table would hear it. */
async function rendered(text: string): Promise<number[]> {
  const samples: number[] = [];
  for await (const sound of keeping.party.render({ text, context: "narration" }))
    samples.push(...sound.samples);
  return samples;
}

function bareSamples(bytes: ArrayBuffer): number[] {
  return [...new Int16Array(bytes)];
}

test("OpenAI's own client gets the table's sound, to the sample", async () => {
  const keeper = new OpenAI({ apiKey: keeping.dmToken, baseURL: `${keeping.url}/v1`, maxRetries: 0 });
  const whole = await rendered(TEXT);
  const speech = await keeper.audio.speech.create({
    model: "tts-1",
    voice: "dm" as "alloy",
    input: TEXT,
    response_format: "pcm",
  });
  expect(speech.headers.get("content-type")).toBe("audio/pcm;rate=24000;channels=1");
  expect(bareSamples(await speech.arrayBuffer())).toEqual(whole);
});

test("our own engine for such servers speaks through it in every format it asks for", async () => {
  const whole = await rendered(TEXT);
  for (const options of [
    { format: "pcm" },
    { format: "wav" },
    { format: "mp3" },
    { events: true },
  ] as const) {
    const speaking = createOpenAiEngine({
      baseUrl: `${keeping.url}/v1`,
      apiKey: keeping.dmToken,
      voice: "dm",
      ...options,
    });
    const { samples, sampleRate } = await say(speaking, TEXT, { voiceId: "dm" });
    expect(sampleRate).toBe(24_000);
    if ("format" in options && options.format === "mp3") {
      // It begins and ends with what its frames are filled up with.
      expect(Math.abs(samples.length - whole.length)).toBeLessThan(4 * 1152);
      expect(Math.abs(loudness(samples) / loudness(whole) - 1)).toBeLessThan(0.1);
    } else expect(samples).toEqual(whole);
  }
});

test("Ogg Opus is one stream that a decoder reads to its end", async () => {
  const body = { input: TEXT, voice: "dm", response_format: "opus" };
  const bytes = new Uint8Array(await (await post(body)).arrayBuffer());
  const pages = pagesIn(bytes);
  expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, index) => index));
  expect(pages.map(({ flags }) => flags).filter(Boolean)).toEqual([2, 4]);
  const heard = Number(pages.at(-1)?.position) / 2;
  // Each of two sentences has the encoder's delay before it.
  expect(heard - (await rendered(TEXT)).length).toBe(2 * 156);
});

test("what programs in the field send is understood", async () => {
  const sent = [
    { model: "tts-1", input: "Hi there.", voice: "alloy", response_format: "mp3", speed: 1 },
    {
      model: "gpt-4o-mini-tts",
      input: "Hi there.",
      voice: { id: "nova" },
      response_format: "wav",
      instructions: "softly",
    },
    {
      model: "kokoro",
      input: "Hi there.",
      voice: "af_heart",
      response_format: "pcm",
      stream: true,
      lang_code: "a",
    },
    { input: "Hi there." },
    { model: null, input: "Hi there.", voice: "", response_format: null, speed: null },
  ];
  const types = [];
  for (const body of sent) {
    const answer = await post(body);
    types.push(answer.headers.get("content-type"));
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(1000);
  }
  expect(types).toEqual([
    "audio/mpeg",
    "audio/wav",
    "audio/pcm;rate=24000;channels=1",
    "audio/mpeg",
    "audio/mpeg",
  ]);
});

test("the first sentence is sent while the next one is not made yet", async () => {
  const release = engine.hold("And then it speaks!");
  const answer = await post({
    input: "It comes nearer. And then it speaks!",
    voice: "dm",
    response_format: "pcm",
  });
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  expect((await reader.read()).value?.length).toBeGreaterThan(0);
  release();
  let more = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) more += part.value.length;
  expect(more).toBeGreaterThan(1000);
});

test("a character speaks in their own voice, at a speed that is relative to it", async () => {
  await party.characters.put("old mara", { voice: { voice_id: "mara", speed: 0.8 } });
  for (const voice of ["old mara", "Old_Mara"]) {
    // A number as a field of a page has it, too.
    await (await post({ input: "Come in.", voice, speed: voice === "old mara" ? 2 : "2.0" })).arrayBuffer();
    expect(engine.voices.at(-1)).toMatchObject({ voiceId: "mara", speed: 1.6 });
  }
  await (await post({ input: "Come in.", voice: "tone:bell" })).arrayBuffer();
  expect(engine.voices.at(-1)).toMatchObject({ voiceId: "bell", speed: 1, extra: { engine: "tone" } });
  const { voices } = await (await get("/v1/audio/voices")).json();
  expect(voices).toContainEqual({ id: "old mara", name: "Old Mara" });
});

test("OpenAI's voices are several people, always the same ones", async () => {
  const ids = [];
  for (const voice of ["alloy", "onyx", "nova", "alloy"]) {
    await (await post({ input: "Come in.", voice })).arrayBuffer();
    const { voiceId, pitch, speed } = engine.voices.at(-1) ?? {};
    ids.push(`${voiceId} ${pitch} ${speed}`);
  }
  expect(ids[3]).toBe(ids[0] as string);
  expect(new Set(ids).size).toBe(3);
});

test("the table hears nothing of it, and it is in no log", async () => {
  const listener = await server.join("thorin");
  const before = listener.messages.length;
  await (await post({ input: TEXT, voice: "dm" })).arrayBuffer();
  await server.speak({ text: "Now this." });
  await listener.until("narrative", 1);
  expect(listener.of("narrative").map(({ content }) => content)).toEqual(["Now this."]);
  expect(listener.messages.length).toBeGreaterThan(before);
  expect(JSON.stringify(party.said({ limit: 100 }))).not.toContain("breathing");
});

test("errors are what OpenAI's client takes for errors", async () => {
  const failing = async (body: object): Promise<unknown> =>
    client.audio.speech
      .create({ model: "tts-1", voice: "alloy", input: "Hi.", ...body })
      .catch((error) => error);
  expect(await failing({ input: " " })).toMatchObject({
    status: 400,
    type: "invalid_request_error",
    param: "input",
  });
  expect(await failing({ response_format: "flac" })).toMatchObject({ status: 400, param: "response_format" });
  for (const speed of [9, "9", "fast", {}])
    expect(await failing({ speed })).toMatchObject({ status: 400, param: "speed" });
  expect(await failing({ input: "..." })).toMatchObject({ status: 400, code: "text-empty" });
  expect(await failing({ input: "x".repeat(10_001) })).toMatchObject({ status: 400, code: "text-too-long" });
  expect(await failing({ input: "x".repeat(300_000) })).toMatchObject({ status: 413 });
  expect(await failing({ input: "unspeakable" })).toMatchObject({ status: 500, code: "all-engines-failed" });
  const stranger = new OpenAI({ apiKey: "sk-nobody", baseURL, maxRetries: 0 });
  const refused = await stranger.models.list().then(
    () => undefined,
    (error) => error,
  );
  expect(refused).toMatchObject({ status: 401, type: "authentication_error", code: "unauthorized" });
});

test("a service may ask, a player may not", async () => {
  const { token } = await party.guests.invite("service", "home assistant");
  expect((await post({ input: "Hi." }, { token })).status).toBe(200);
  const player = await post({ input: "Hi." }, { token: await party.tokens.issue("thorin") });
  expect([player.status, (await player.json()).error.code]).toEqual([403, "forbidden"]);
});

test("where the sound breaks off it is no whole file: the connection breaks off, or the events say so", async () => {
  const body = { input: "This is said. This is unspeakable.", voice: "dm", response_format: "pcm" };
  const broken = await post(body);
  expect(broken.status).toBe(200);
  await expect(broken.arrayBuffer()).rejects.toThrow();
  const events = await (await post({ ...body, stream_format: "sse" })).text();
  expect(events).toContain('"code":"all-engines-failed"');
  expect(events).not.toContain("speech.audio.done");
});

test("whoever hangs up makes room, and the engine speaks no further for them", async () => {
  const { url, dmToken } = await startServer({ engines: [endless], cache: false });
  const abort = new AbortController();
  const asking = fetch(`${url}/v1/audio/speech`, {
    method: "POST",
    headers: { Authorization: `Bearer ${dmToken}` },
    body: JSON.stringify({ input: "Wait for it." }),
    signal: abort.signal,
  });
  const answer = await asking;
  expect(answer.status).toBe(200);
  abort.abort();
  await answer.arrayBuffer().catch(() => undefined);
  await until(() => endless.stopped === 1);
});

test("sixty-four are spoken for at once; who comes next is told to come again, and then is", async () => {
  const release = engine.hold("Hold the door.");
  const waiting = Array.from({ length: 64 }, () => post({ input: "Hold the door.", response_format: "pcm" }));
  await until(() => engine.asked.includes("Hold the door."));
  let late = await post({ input: "Me, too." });
  while (late.status === 200) late = await post({ input: "Me, too." });
  expect([late.status, late.headers.get("retry-after")]).toEqual([503, "1"]);
  expect((await late.json()).error).toMatchObject({ type: "rate_limit_error", code: "busy" });
  // Few of them are with the engine: a line that is said now has not sixty-four sentences before it.
  expect(engine.asked.filter((text) => text === "Hold the door.").length).toBeLessThan(4);
  release();
  const statuses = await Promise.all(waiting.map(statusAtEnd));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect((await post({ input: "Me, too." })).status).toBe(200);
});

test("captioned speech says which word is heard when, as the text has it", async () => {
  const path = "/dev/captioned_speech";
  const body = { input: "Grim owes $5. He waits.", voice: "dm", response_format: "wav" };
  const whole = await (await post({ ...body, stream: false }, { path })).json();
  expect(whole.timestamps.map(({ word }: { word: string }) => word)).toEqual([
    "Grim",
    "owes",
    "$5",
    "He",
    "waits",
  ]);
  const times = whole.timestamps.flatMap((each: Times) => [each.start_time, each.end_time]);
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect(times.at(-1)).toBeLessThanOrEqual((await rendered(body.input)).length / 24_000);
  const said = await rendered("He waits.");
  const [baseUrl, apiKey] = [`${keeping.url}/v1`, keeping.dmToken];
  const captions = createOpenAiEngine({ baseUrl, apiKey, captions: true });
  const { samples, words } = await say(captions, "He waits.", { voiceId: "dm" });
  expect(samples.length).toBe(said.length);
  expect(words.map(([at, length]) => [at, length])).toEqual([
    [0, 2],
    [3, 5],
  ]);
});

test("what a site has of its own below /v1 stays its own where a table is mounted in it", async () => {
  const site = new Hono();
  site.route("/", createOpenAiApi(party));
  site.get("/v1/users", (c) => c.text("theirs"));
  expect(await (await site.request("/v1/users")).text()).toBe("theirs");
  expect((await site.request("/v1/models")).status).toBe(401);
});

test("an encoder is given back also where the text is refused before it is begun", async () => {
  const writer = createPcmWriter("pcm");
  let isClosed = false;
  const close = (): void => {
    isClosed = true;
  };
  const sound = writtenSound({ ...writer, close }, () => {
    throw new Error("too long");
  });
  await expect(sound.next()).rejects.toThrow("too long");
  expect(isClosed).toBe(true);
});

test("models are the engines that are here", async () => {
  const models = await client.models.list();
  expect(models.data.map(({ id }) => id)).toEqual(["bardcast", "tone"]);
  expect((await client.models.retrieve("tone")).id).toBe("tone");
  expect(await client.models.retrieve("gpt-4o").catch((error) => error.status)).toBe(404);
});

interface Times {
  start_time: number;
  end_time: number;
}

function get(path: string): Promise<Response> {
  return fetch(`${server.url}${path}`, { headers: { Authorization: `Bearer ${server.dmToken}` } });
}

/** The status of an answer that was read to its end. */
async function statusAtEnd(asked: Promise<Response>): Promise<number> {
  const answer = await asked;
  await answer.arrayBuffer();
  return answer.status;
}

function loudness(samples: readonly number[]): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0));
}

/** The pages of an Ogg file. */
function pagesIn(bytes: Uint8Array): { flags: number; position: bigint; sequence: number }[] {
  const pages = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at < bytes.length; ) {
    expect(new TextDecoder().decode(bytes.subarray(at, at + 4))).toBe("OggS");
    const segments = bytes.subarray(at + 27, at + 27 + view.getUint8(at + 26));
    pages.push({
      flags: view.getUint8(at + 5),
      position: view.getBigUint64(at + 6, true),
      sequence: view.getUint32(at + 18, true),
    });
    at += 27 + segments.length + segments.reduce((sum, size) => sum + size, 0);
  }
  return pages;
}
