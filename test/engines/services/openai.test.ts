import { expect, setSystemTime, test } from "bun:test";
import { deferred } from "../../../src/core/async/deferred.ts";
import type { PcmPiece } from "../../../src/core/dsp/audio.ts";
import { encodeWav } from "../../../src/core/dsp/wav.ts";
import type { TTSEngine } from "../../../src/engines/contract/engine.ts";
import { createOpenAiEngine, type OpenAiOptions } from "../../../src/engines/services/openai.ts";
import { HttpService, type Reply } from "../../support/services/http-service.ts";
import { counting, cut, failure, say, start } from "../../support/services/speaking.ts";
import { until } from "../../support/table.ts";

const KEY = "sk-very-secret-key";
const WORDS = { status: 200, headers: { "Content-Type": "audio/pcm" } };

function engineAt({ url }: HttpService, options: OpenAiOptions = {}) {
  return createOpenAiEngine({ baseUrl: `${url}/v1`, apiKey: KEY, ...options });
}

const counted = (samples: number) => Array.from({ length: samples }, (_, index) => index);

test("PCM is spoken while it arrives, whole however it is cut", async () => {
  const more = deferred();
  const parts = cut(counting(1000), 333);
  await using service = await HttpService.start(() => ({
    ...WORDS,
    parts: [...parts.slice(0, 2), more.promise, ...parts.slice(2)],
  }));
  const pieces = [];
  for await (const piece of start(engineAt(service))) {
    pieces.push(piece);
    more.resolve();
  }
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces[0]?.sampleRate).toBe(24_000);
  const samples = pieces.flatMap((piece) => [...piece.samples]).map((sample) => Math.round(sample * 32_768));
  expect(samples).toEqual(counted(1000));
});

test("the request says what OpenAI's API wants to hear, and the key only in its header", async () => {
  await using service = await HttpService.start(() => ({ ...WORDS, parts: [counting(10)] }));
  const engine = engineAt(service, { model: "kokoro", extraBody: { lang_code: "a" } });
  await say(engine, "Hello.", { voiceId: "af_bella", speed: 1.5, extra: { voice_design: "an old dwarf" } });
  const [asked] = service.asked;
  expect(asked?.path).toBe("/v1/audio/speech");
  expect(asked?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(asked?.body).toEqual({
    model: "kokoro",
    input: "Hello.",
    voice: "af_bella",
    response_format: "pcm",
    instructions: "an old dwarf",
    speed: 1.5,
    lang_code: "a",
  });
});

test("at normal speed none is asked for, and never where the server has none", async () => {
  await using service = await HttpService.start(() => ({ ...WORDS, parts: [counting(10)] }));
  await say(engineAt(service));
  const fixed = engineAt(service, { speed: false });
  await say(fixed, "Hello.", { speed: 2 });
  expect(service.asked.map(({ body }) => "speed" in body)).toEqual([false, false]);
  expect(fixed.capabilities.prosody).toEqual({ speed: false, pitch: false });
  expect(engineAt(service, { model: "gpt-4o-mini-tts" }).capabilities.prosody?.speed).toBe(false);
});

test("a cancelled line ends the request at the server, and the rest is not waited for", async () => {
  await using service = await HttpService.start(() => ({ ...WORDS, parts: [counting(100)], ending: "hang" }));
  const abort = new AbortController();
  const saying = say(engineAt(service), "Hello.", {}, abort.signal);
  await until(() => service.asked.length === 1);
  abort.abort(new Error("enough"));
  expect((await failure(saying)).message).toBe("enough");
  await until(() => service.hungUp === 1);
});

test("a reader who has enough ends the request too", async () => {
  await using service = await HttpService.start(() => ({ ...WORDS, parts: [counting(100)], ending: "hang" }));
  for await (const _ of start(engineAt(service))) break;
  await until(() => service.hungUp === 1);
});

test("a connection that breaks in the middle is a failure, and what was heard is not said twice", async () => {
  const more = deferred();
  const parts = [counting(100), more.promise];
  await using service = await HttpService.start(() => ({ ...WORDS, parts, ending: "drop" }));
  const heard: number[] = [];
  const saying = (async () => {
    for await (const { samples } of start(engineAt(service))) {
      heard.push(samples.length);
      more.resolve();
    }
  })();
  expect(await failure(saying)).toMatchObject({ code: "engine-failed", retryable: true });
  expect([heard, service.asked.length]).toEqual([[100], 1]);
});

test("server-sent events are read across any borders; without their end the line was cut off", async () => {
  const event = (samples: number, from: number) =>
    `event: speech.audio.delta\ndata: ${JSON.stringify({
      type: "speech.audio.delta",
      audio: Buffer.from(counting(samples, from)).toString("base64"),
    })}\n\n`;
  const done = `event: speech.audio.done\ndata: {"type":"speech.audio.done"}\n\n`;
  const replies = [event(500, 0) + event(500, 500) + done, event(500, 0)];
  await using service = await HttpService.start((_, index) => ({
    headers: { "Content-Type": "text/event-stream" },
    parts: cut(Buffer.from(replies[index] ?? ""), 97),
  }));
  const engine = engineAt(service, { events: true });
  expect((await say(engine)).samples).toEqual(counted(1000));
  expect(service.asked[0]?.body.stream_format).toBe("sse");
  expect(await failure(say(engine))).toMatchObject({ code: "engine-failed" });
});

test("Kokoro's captioned speech tells where the words are", async () => {
  const line = (from: number, timestamps: unknown) =>
    `${JSON.stringify({ audio: Buffer.from(counting(100, from)).toString("base64"), timestamps })}\n`;
  const text = "Dr. Grim roars, “Halt!”";
  const lines =
    line(0, [
      { word: "Doctor", start_time: 0, end_time: 0.2 },
      { word: "Grim", start_time: 0.2, end_time: 0.5 },
    ]) +
    line(100, [
      { word: "roars", start_time: 0.5, end_time: 0.9 },
      { word: ",", start_time: 0.9, end_time: 1 },
      { word: "Halt", start_time: 1.1, end_time: 1.4 },
    ]) +
    line(200, null);
  await using service = await HttpService.start(() => ({ parts: cut(Buffer.from(lines), 50) }));
  const engine = engineAt(service, { captions: true });
  const { samples, words } = await say(engine, text);
  expect(service.asked[0]?.path).toBe("/dev/captioned_speech");
  expect(samples).toEqual(counted(300));
  expect(words.map(([at, length, ...times]) => [text.slice(at, at + length), ...times])).toEqual([
    ["Grim", 200, 500],
    ["roars", 500, 900],
    ["Halt", 1100, 1400],
  ]);
  expect(engine.capabilities.wordTimes).toBe(true);
});

test.each([
  ["one file of unknown size", 0xffff_ffff],
  ["one file of size 0", 0],
])("WAV that a server streams, %s, has the rate of its header", async (_, size) => {
  const wav = encodeWav(
    Float32Array.from({ length: 500 }, (_, at) => at / 32_768),
    22_050,
  );
  new DataView(wav.buffer).setUint32(40, size, true);
  await using service = await HttpService.start(() => ({ ...WORDS, parts: cut(wav, 41) }));
  const { samples, sampleRate } = await say(engineAt(service, { format: "wav" }));
  expect([samples, sampleRate]).toEqual([counted(500), 22_050]);
});

test.each([
  ["an error", "application/json", `{"error":{"message":"no such model"}}`, ": no such model"],
  ["a page", "text/html; charset=utf-8", "<h1>Log in</h1>", ""],
])("%s that comes as if all were well is not spoken as noise", async (_, type, text, told) => {
  await using service = await HttpService.start(() => ({ headers: { "Content-Type": type }, parts: [text] }));
  const { message, code } = await failure(say(engineAt(service)));
  expect([code, message]).toEqual(["engine-failed", `the service sent text instead of audio${told}`]);
});

test("what a WAV file has to say behind its samples is not heard, and another may follow", async () => {
  const wav = encodeWav(
    Float32Array.from({ length: 250 }, (_, at) => at / 32_768),
    24_000,
  );
  const info = Buffer.concat([Buffer.from("LIST\x05\0\0\0INFO1\0"), Buffer.from("id3 \x02\0\0\0ab")]);
  const parts = cut(Buffer.concat([wav, info, wav, info]), 77);
  await using service = await HttpService.start(() => ({ ...WORDS, parts }));
  expect((await say(engineAt(service))).samples).toEqual([...counted(250), ...counted(250)]);
});

test("stereo is mixed", async () => {
  const wav = encodeWav(
    Float32Array.of(100, 300, -50, 50, 7, 9).map((sample) => sample / 32_768),
    24_000,
  );
  new DataView(wav.buffer).setUint16(22, 2, true);
  await using service = await HttpService.start(() => ({ ...WORDS, parts: cut(wav, 47) }));
  expect((await say(engineAt(service))).samples).toEqual([200, 0, 8]);
});

test("one WAV file after the other is one sound", async () => {
  const wav = (from: number) =>
    encodeWav(
      Float32Array.from({ length: 250 }, (_, at) => (from + at) / 32_768),
      24_000,
    );
  const parts = cut(Buffer.concat([wav(0), wav(250), wav(500)]), 77);
  await using service = await HttpService.start(() => ({ ...WORDS, parts }));
  expect((await say(engineAt(service))).samples).toEqual(counted(750));
});

test("MP3 is decoded while it arrives and comes along as it was", async () => {
  const mp3 = await Bun.file(`${import.meta.dir}/../../support/services/second.mp3`).bytes();
  // The first part is too short to be heard.
  const half = mp3.length >> 1;
  const heard = deferred();
  // The second half comes once the first one is heard.
  const parts = [mp3.subarray(0, 50), mp3.subarray(50, half), heard.promise, ...cut(mp3.subarray(half), 700)];
  await using service = await HttpService.start(() => ({ ...WORDS, parts }));
  const pieces: PcmPiece[] = [];
  for await (const piece of start(engineAt(service, { format: "mp3" }))) {
    pieces.push(piece);
    if (piece.samples.length > 0) heard.resolve();
  }
  expect(new Set(pieces.map(({ sampleRate }) => sampleRate))).toEqual(new Set([24_000]));
  expect(pieces.reduce((sum, { samples }) => sum + samples.length, 0)).toBeWithin(23_000, 26_000);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces[0]?.samples.length).toBeGreaterThan(0);
  expect(Buffer.concat(pieces.map((piece) => piece.mp3 ?? new Uint8Array()))).toEqual(Buffer.from(mp3));
  // 440 Hz, away from the silence at either end.
  const middle = pieces.flatMap(({ samples }) => [...samples]).slice(4000, 16_000);
  const crossings = middle.filter((sample, at) => sample >= 0 && (middle[at - 1] ?? 0) < 0).length;
  expect(crossings).toBeWithin(219, 222);
});

test.each([
  ["no frame begins in the MP3", Buffer.from("ID3\x04\0\0\0\0\0\0")],
  ["the service sent a title or a picture without end", Buffer.from("ID3\x04\0\0\x7f\x7f\x7f\x7f", "latin1")],
])("where %s it is given up", async (told, head) => {
  const parts = [head, ...Array.from({ length: 40 }, () => new Uint8Array(128 * 1024))];
  await using service = await HttpService.start(() => ({ ...WORDS, parts, ending: "hang" }));
  expect(await failure(say(engineAt(service)))).toMatchObject({ message: told });
});

test("PCM that begins with a quiet noise is no MP3", async () => {
  const samples = [-257, -513, -1, -769];
  const bytes = new Uint8Array(Int16Array.from(samples).buffer);
  await using service = await HttpService.start(() => ({ ...WORDS, parts: [bytes] }));
  expect((await say(engineAt(service))).samples).toEqual(samples);
});

test("a voice of another engine, or one the server does not know, gives way to its own", async () => {
  await using service = await HttpService.start(({ body }): Reply => {
    const isKnown = body.voice === "alloy";
    const message = JSON.stringify({
      detail: { error: "validation_error", message: "Voice nobody not found" },
    });
    return isKnown ? { ...WORDS, parts: [counting(10)] } : { status: 400, parts: [message] };
  });
  const engine = engineAt(service);
  const ids = [
    "en-us+f3",
    "en-us",
    "it",
    "en-gb-x-rp+m3",
    "en-GB-RyanNeural",
    "kal16",
    "nobody",
    "nobody",
    "en-us-kathleen-low",
  ];
  for (const voiceId of ids) await say(engine, "Hello.", { voiceId });
  const asked = service.asked.map(({ body }) => body.voice);
  expect(asked).toEqual([
    ...Array.from({ length: 6 }, () => "alloy"),
    "nobody",
    "alloy",
    "alloy",
    "en-us-kathleen-low",
    "alloy",
  ]);
  // A language of three letters could be a name.
  await say(engine, "你好。", { voiceId: "cmn", language: "cmn" });
  expect(service.asked.slice(asked.length).map(({ body }) => body.voice)).toEqual(["alloy"]);
});

test("a server that tells its voices has a woman speak for a woman and a man for a man, in their language", async () => {
  const told = ["af_bella", "af_sky", "bf_emma", "am_adam", "bm_george", "if_sara", "im_nicola", "nobody"];
  await using service = await HttpService.start(({ path }): Reply => {
    if (!path.endsWith("/audio/voices")) return { ...WORDS, parts: [counting(10)] };
    return { parts: [JSON.stringify({ voices: told.map((id, index) => (index % 2 ? id : { id })) })] };
  });
  const asked = async (engine: TTSEngine, ids: readonly string[], language = "en-us") => {
    const before = service.asked.length;
    for (const voiceId of ids) await say(engine, "Hello.", { voiceId, language });
    return service.asked.slice(before).map(({ body }) => String(body.voice));
  };
  const women = ["f1", "f2", "f3", "f4", "f5"].map((variant) => `en-us+${variant}`);
  const men = ["m1", "m2", "m3", "m4", "m5"].map((variant) => `en-us+${variant}`);

  const engine = engineAt(service);
  await engine.warmup();
  expect(service.asked[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  const [female, male] = [await asked(engine, women), await asked(engine, men)];
  expect(new Set(female).size).toBeGreaterThan(1);
  expect(female.filter((name) => !/^[ab]f_/.test(name))).toEqual([]);
  expect(new Set(male).size).toBeGreaterThan(1);
  expect(male.filter((name) => !/^[ab]m_/.test(name))).toEqual([]);
  expect(await asked(engine, ["it+f3", "it+m3"], "it")).toEqual(["if_sara", "im_nicola"]);
  // Nobody speaks German; nobody knows what a croak is; whoever was named is spoken by that voice.
  expect(await asked(engine, ["de+f3"], "de")).toEqual(["alloy"]);
  expect(await asked(engine, ["en-us+croak", "af_sky"])).toEqual(["alloy", "af_sky"]);
  const plain = engineAt(service, { voice: "nova" });
  await plain.warmup();
  expect(await asked(plain, women.slice(0, 2))).toEqual(["nova", "nova"]);
});

test("a server that does not know alloy speaks with a voice of its own list; one that was named stays named", async () => {
  await using service = await HttpService.start(({ path, body }): Reply => {
    if (path.endsWith("/audio/voices"))
      return { parts: [JSON.stringify({ voices: ["ar_kareem", "af_bella", "am_adam"] })] };
    const isKnown = body.voice === "af_bella";
    const message = JSON.stringify({ detail: `Voice '${body.voice}' is not available` });
    return isKnown ? { ...WORDS, parts: [counting(10)] } : { status: 400, parts: [message] };
  });
  const engine = engineAt(service);
  await engine.warmup();
  for (const _ of [1, 2]) expect((await say(engine)).samples).toHaveLength(10);
  const asked = service.asked.flatMap(({ body }) => body.voice ?? []);
  expect(asked).toEqual(["alloy", "af_bella", "af_bella"]);
  const named = engineAt(service, { voice: "alloy" });
  await named.warmup();
  expect(await failure(say(named))).toMatchObject({ code: "engine-unavailable" });
});

test("a server that does not tell its voices speaks with its own", async () => {
  const told = ["nothing", JSON.stringify({ voices: 3 }), JSON.stringify(["af_bella"])];
  for (const answer of told) {
    await using service = await HttpService.start(({ path }): Reply => {
      return path.endsWith("/audio/voices") ? { parts: [answer] } : { ...WORDS, parts: [counting(10)] };
    });
    const engine = engineAt(service);
    await engine.warmup();
    await say(engine, "Hello.", { voiceId: "en-us+f3" });
    expect(service.asked.at(-1)?.body.voice).toBe("alloy");
  }
});

test("a voice that is refused by the name of its field gives way too; another field is no reason to", async () => {
  const refusals = [
    { error: { message: "Invalid value: 'nobody'.", param: "voice" } },
    { detail: [{ loc: ["body", "speed"], msg: "Input should be less than 4", input: { voice: "nobody" } }] },
  ];
  await using service = await HttpService.start(({ body }, index): Reply => {
    const refusal = body.voice === "alloy" ? undefined : refusals[index && 1];
    return refusal ? { status: 422, parts: [JSON.stringify(refusal)] } : { ...WORDS, parts: [counting(10)] };
  });
  await say(engineAt(service), "Hello.", { voiceId: "nobody" });
  expect(service.asked.map(({ body }) => body.voice)).toEqual(["nobody", "alloy"]);
  const { message } = await failure(say(engineAt(service), "Hello.", { voiceId: "somebody" }));
  expect(message).toBe("the service answered 422: speed: Input should be less than 4");
  expect(service.asked.length).toBe(3);
});

test("without a key or a server it is not there, and says how it would be", async () => {
  const engine = createOpenAiEngine();
  expect(await engine.isAvailable()).toBe(false);
  expect(await failure(engine.warmup())).toMatchObject({
    code: "engine-unavailable",
    message: "openai needs a key or a server of your own: set OPENAI_API_KEY or OPENAI_BASE_URL",
  });
  expect(await failure(say(engine))).toMatchObject({ code: "engine-unavailable" });
});

test("key, address and model come from the environment", async () => {
  await using service = await HttpService.start(() => ({ ...WORDS, parts: [counting(10)] }));
  const variables = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${service.url}/v1/`, OPENAI_TTS_MODEL: "qwen3" };
  Object.assign(process.env, variables);
  try {
    const engine = createOpenAiEngine();
    expect(await engine.isAvailable()).toBe(true);
    await say(engine);
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
  expect(service.asked[0]).toMatchObject({
    headers: { authorization: `Bearer ${KEY}` },
    path: "/v1/audio/speech",
    body: { model: "qwen3" },
  });
});

test("an address in the environment that is none is told by its variable", async () => {
  process.env.OPENAI_BASE_URL = "localhost:8880/v1";
  try {
    const { code, message } = await failure((async () => createOpenAiEngine())());
    expect(code).toBe("bad-request");
    expect(message).toStartWith("OPENAI_BASE_URL: expected an address that begins with http:// or https://");
    expect(createOpenAiEngine({ baseUrl: "http://127.0.0.1" }).name).toBe("openai");
  } finally {
    delete process.env.OPENAI_BASE_URL;
  }
});

test.each([
  ["baseUrl", `http://user:${KEY}@host/v1`],
  ["baseUrl", `ftp://${KEY}@host`],
  ["idleMs", 0],
  ["voise", KEY],
])("an option that makes no sense, %s, is refused by name and never with its value", async (field, value) => {
  const create = async () => createOpenAiEngine({ [field]: value } as OpenAiOptions);
  const { message, code } = await failure(create());
  expect(code).toBe("bad-request");
  expect(message).toContain(field);
  expect(message).not.toContain(KEY);
});

test("once OpenAI has ended its models there is none by default, and it is told what to do; one that is named is asked", async () => {
  const last = new Date("2027-01-05T23:59:59Z");
  const over = new Date("2027-01-06T00:00:00Z");
  const available = (options: OpenAiOptions) => createOpenAiEngine({ apiKey: KEY, ...options }).isAvailable();
  try {
    setSystemTime(last);
    expect(await available({})).toBe(true);
    setSystemTime(over);
    expect(await available({})).toBe(false);
    const { message } = await failure(createOpenAiEngine({ apiKey: KEY }).warmup());
    expect(message).toContain("OPENAI_TTS_MODEL to a model that it has");
    expect(await available({ model: "gpt-4o-mini-tts" })).toBe(true);
    expect(await available({ baseUrl: "http://127.0.0.1:8880/v1" })).toBe(true);
  } finally {
    setSystemTime();
  }
});
