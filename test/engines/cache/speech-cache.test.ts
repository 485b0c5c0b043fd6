import { expect, test } from "bun:test";
import { unpackOpus, writeFrameHeader } from "../../../src/core/protocol/frame.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES } from "../../../src/core/protocol/v2.ts";
import { SpeechCache } from "../../../src/engines/cache/speech-cache.ts";
import type {
  SentenceEvent,
  SentenceFrame,
  SentenceJob,
} from "../../../src/engines/contract/sentence-job.ts";
import { TTSRouter } from "../../../src/engines/routing/router.ts";
import { until } from "../../support/table.ts";
import { ToneEngine, type ToneEngineOptions } from "../../support/tone-engine.ts";
import { JOB, said } from "./said.ts";

const ENOUGH = 16 * 1024 * 1024;

function setUp(options: ToneEngineOptions = {}) {
  const engine = new ToneEngine({ samplesPerChar: 800, ...options });
  const cache = new SpeechCache({ memoryBytes: ENOUGH });
  const router = new TTSRouter({ engines: [engine], speakWith: cache.speakWith });
  const speak = async (job: SentenceJob, signal?: AbortSignal): Promise<SentenceEvent[]> => {
    const speech = await router.speak(job, signal ? { signal } : {});
    return Array.fromAsync(speech.events);
  };
  return { engine, cache, router, speak };
}

const framesOf = (events: readonly SentenceEvent[]): SentenceFrame[] =>
  events.flatMap((event) => (event.type === "frame" ? [event.frame] : []));

/** Does to frames what a line does to them. */
function head(frames: readonly SentenceFrame[], handle: number): void {
  for (const [sequence, { begins, ends, packets, bytes }] of frames.entries()) {
    const header = {
      first: begins,
      last: ends,
      discontinuity: begins,
      handle,
      sequence,
      ptsSamples: 0,
      packets,
    };
    for (const message of bytes.values()) writeFrameHeader(message, header);
  }
}

test("a sentence said again is the same to the byte on every wire, and the engine is not asked", async () => {
  const { engine, speak, cache } = setUp();
  const first = said(await speak(JOB));
  const again = said(await speak({ ...JOB, voice: { ...JOB.voice } }));
  expect(again).toEqual(first);
  expect(first.sound.get("opus")?.length).toBeGreaterThan(1000);
  expect(engine.asked).toEqual([JOB.text]);
  expect(cache.status()).toMatchObject({ hits: 1, misses: 1, sentences: 1 });
});

test("what is heard first of a kept sentence is a frame of 40 ms, and frames grow with the lead", async () => {
  const { speak } = setUp();
  await speak({ ...JOB, aheadMs: 5_000 });
  const sizes = async (aheadMs: number) =>
    framesOf(await speak({ ...JOB, aheadMs })).map(({ packets }) => packets);
  expect((await sizes(0)).slice(0, 4)).toEqual([2, 5, 10, 10]);
  expect((await sizes(5_000))[0]).toBe(50);
});

test("every frame cut from what is kept is whole packets of Opus beside as many of PCM", async () => {
  const { speak } = setUp();
  await speak({ ...JOB, aheadMs: 5_000 });
  for (const { begins, packets, samples, bytes } of framesOf(await speak({ ...JOB, aheadMs: 300 }))) {
    expect(samples).toBe(packets * PACKET_SAMPLES - (begins ? OPUS_PRE_SKIP : 0));
    const payload = (bytes.get("opus") as Uint8Array<ArrayBuffer>).subarray(16);
    expect(unpackOpus({ payload, packets })).toHaveLength(packets);
    expect(bytes.get("pcm16")?.length).toBe(16 + 2 * samples);
  }
});

test("two lines that say the same at once write their headers into frames of their own", async () => {
  const { speak } = setUp();
  const untouched = said(await speak(JOB));
  const [one, other] = await Promise.all([speak(JOB), speak(JOB)]);
  head(framesOf(one), 0xffff);
  const before = framesOf(other).map(({ bytes }) =>
    Buffer.from(bytes.get("opus") as Uint8Array).toString("hex"),
  );
  head(framesOf(one), 0x0101);
  const after = framesOf(other).map(({ bytes }) =>
    Buffer.from(bytes.get("opus") as Uint8Array).toString("hex"),
  );
  expect(after).toEqual(before);
  head(framesOf(other), 7);
  expect([said(one), said(other), said(await speak(JOB))]).toEqual([untouched, untouched, untouched]);
});

test("whoever says what is just being synthesised joins in, in frames of their own, and it is made once", async () => {
  const { engine, speak } = setUp();
  const release = engine.hold(JOB.text);
  const leader = speak({ ...JOB, aheadMs: 5_000 });
  const joined = speak({ ...JOB, encodings: ["opus"] });
  await until(() => engine.asked.length > 0);
  release();
  head(framesOf(await leader), 0xffff);
  expect(framesOf(await joined)[0]?.packets).toBe(2);
  expect(said(await joined).sound.get("opus")).toEqual(said(await leader).sound.get("opus") as string);
  expect([...said(await joined).sound.keys()]).toEqual(["opus"]);
  expect(said(await joined).clip).toBeUndefined();
  expect(engine.asked).toHaveLength(1);
});

test("one of two who say the same is cancelled: the other hears it, and it is kept", async () => {
  const { engine, speak } = setUp();
  const release = engine.hold(JOB.text);
  const cancel = new AbortController();
  const cancelled = speak(JOB, cancel.signal).catch((error) => error);
  const other = speak(JOB);
  await until(() => engine.asked.length > 0);
  cancel.abort();
  expect(await cancelled).toMatchObject({ code: "cancelled" });
  release();
  expect(said(await other).packets).toBeGreaterThan(10);
  expect(said(await speak(JOB))).toEqual(said(await other));
  expect([engine.asked.length, engine.aborted.length]).toEqual([1, 0]);
});

test("when all who say it are cancelled the engine is told to stop, nothing is kept, and the next begins anew", async () => {
  const { engine, speak, cache } = setUp();
  const release = engine.hold(JOB.text);
  const cancel = new AbortController();
  const both = [speak(JOB, cancel.signal), speak(JOB, cancel.signal)].map((each) =>
    each.catch(({ code }) => code),
  );
  await until(() => engine.asked.length > 0);
  cancel.abort();
  expect(await Promise.all(both)).toEqual(["cancelled", "cancelled"]);
  const next = speak(JOB);
  release();
  expect(said(await next).packets).toBeGreaterThan(10);
  expect([engine.asked.length, engine.aborted.length]).toEqual([2, 1]);
  expect(cache.status().sentences).toBe(1);
});

test("what is kept does not make an engine well that fails", async () => {
  const { router, speak } = setUp({ failsOn: (text) => text !== JOB.text });
  const outOfOrder = async () => (await router.getStatus())[0]?.outOfOrder;
  await speak(JOB);
  for (const text of ["One.", "Two.", "Three."]) {
    expect(await outOfOrder()).toBeUndefined();
    await expect(speak({ ...JOB, text })).rejects.toMatchObject({ code: "all-engines-failed" });
    await speak(JOB);
  }
  expect(await outOfOrder()).toContain("cannot say");
  await router.shutdown();
});

test("a sentence that breaks off is not kept", async () => {
  let breaks = true;
  const { engine, speak, cache } = setUp();
  const whole = engine.synthesize.bind(engine);
  engine.synthesize = async function* (text, voice, options) {
    let pieces = 0;
    for await (const piece of whole(text, voice, options)) {
      if (breaks && pieces++ > 0) throw new Error("out of breath");
      yield piece;
    }
  };
  await expect(speak(JOB)).rejects.toThrow("out of breath");
  expect(cache.status().sentences).toBe(0);
  breaks = false;
  await speak(JOB);
  expect(cache.status().sentences).toBe(1);
});

test("what another engine said in its place does not hide the engine that is wanted", async () => {
  let isDown = true;
  const wanted = new ToneEngine({ name: "wanted", failsOn: () => isDown });
  const other = new ToneEngine({ name: "other" });
  const cache = new SpeechCache({ memoryBytes: ENOUGH });
  const router = new TTSRouter({ engines: [wanted, other], speakWith: cache.speakWith });
  const speak = async (): Promise<string> => {
    const speech = await router.speak(JOB);
    await Array.fromAsync(speech.events);
    return speech.engine;
  };
  expect([await speak(), await speak()]).toEqual(["other", "other"]);
  expect(other.asked).toHaveLength(1);
  isDown = false;
  expect([await speak(), await speak()]).toEqual(["wanted", "wanted"]);
  expect(wanted.asked).toHaveLength(3);
});

test("audiences with different wires do not take turns in replacing what is kept", async () => {
  const { engine, speak } = setUp();
  await speak({ ...JOB, encodings: ["dm20"] });
  const opus = said(await speak({ ...JOB, encodings: ["opus"] }));
  expect([[...opus.sound.keys()], opus.clip]).toEqual([["opus"], undefined]);
  expect(said(await speak({ ...JOB, encodings: ["dm20"] })).clip).toBeDefined();
  await speak({ ...JOB, encodings: ["opus", "dm20"] });
  expect(engine.asked).toHaveLength(2);
});

test("whatever changes the sound is another sentence", async () => {
  const { engine, speak } = setUp();
  const { voice } = JOB;
  const jobs: SentenceJob[] = [
    JOB,
    { ...JOB, text: "Hello there, stranger." },
    { ...JOB, voice: { ...voice, speed: 1.1 } },
    { ...JOB, voice: { ...voice, outputFormat: "opus" } },
    { ...JOB, voice: { ...voice, extra: { effects: ["cave"], b: 1 } } },
    { ...JOB, voice: { ...voice, extra: { effects: ["cave", "radio"], b: 1 } } },
    { ...JOB, chunkBytes: 512 },
    { ...JOB, bitrates: { opus: 32_000, "opus-low": 16_000 } },
  ];
  for (const job of jobs) await speak(job);
  expect(engine.asked).toHaveLength(jobs.length);
  for (const job of jobs) await speak(job);
  await speak({ ...JOB, voice: { ...voice, extra: { b: 1, effects: ["cave"] } }, aheadMs: 900 });
  expect(engine.asked).toHaveLength(jobs.length);
});

test("what cannot be told apart is spoken, and not kept", async () => {
  const { engine, speak } = setUp();
  const odd = { ...JOB, voice: { ...JOB.voice, extra: { curve: new Map([[1, 2]]) } } };
  expect(said(await speak(odd)).packets).toBeGreaterThan(10);
  await speak(odd);
  expect(engine.asked).toHaveLength(2);
});
