import { expect, test } from "bun:test";
import { joinPcm } from "../../../src/core/dsp/pcm.ts";
import { FRAME_HEADER_BYTES } from "../../../src/core/protocol/frame.ts";
import type { SentenceEvent, SentenceJob } from "../../../src/engines/contract/sentence-job.ts";
import { SentenceShape } from "../../../src/engines/render/sentence-shape.ts";
import { speakSentence } from "../../../src/engines/render/speak-sentence.ts";
import { TTSRouter } from "../../../src/engines/routing/router.ts";
import { plainVoice } from "../../../src/voices/voice-config.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

const job: SentenceJob = {
  text: "Once upon a time.",
  voice: plainVoice("en-us"),
  encodings: ["pcm16", "dm20"],
  chunkBytes: 4096,
  bitrates: { opus: 24_000, "opus-low": 12_000 },
  aheadMs: 0,
};

const eventsOf = (changes: Partial<SentenceJob>): Promise<SentenceEvent[]> =>
  Array.fromAsync(speakSentence(new ToneEngine(), { ...job, ...changes }));

function pcmOf(events: readonly SentenceEvent[]): Int16Array {
  const payloads = events.flatMap((event) => {
    const bytes = event.type === "frame" ? event.frame.bytes.get("pcm16") : undefined;
    return bytes ? [bytes.subarray(FRAME_HEADER_BYTES)] : [];
  });
  const whole = new Uint8Array(Buffer.concat(payloads));
  return new Int16Array(whole.buffer);
}

const endOf = (events: readonly SentenceEvent[]) => events.find((event) => event.type === "end");
const wordsOf = (events: readonly SentenceEvent[]) => events.filter((event) => event.type === "words");

test("a pause is silence of its exact length before the same sound", async () => {
  const [plain, paused] = [await eventsOf({}), await eventsOf({ pauseMs: 500 })];
  // The resampler's filter reaches 48 samples ahead.
  const silence = pcmOf(paused).subarray(0, 12_000 - 48);
  expect(silence.every((sample) => sample === 0)).toBe(true);
  const [before, after] = [pcmOf(plain), pcmOf(paused).subarray(12_000)];
  expect(
    Math.max(...before.subarray(100, 10_000).map((sample, at) => Math.abs(sample - (after[at + 100] ?? 0)))),
  ).toBeLessThan(3);
  expect(endOf(paused)?.durationMs).toBe((endOf(plain)?.durationMs ?? 0) + 500);
  expect(wordsOf(paused)).toEqual(wordsOf(plain));
});

test("silence alone is heard by nobody: until the engine speaks another one may take over", async () => {
  const broken = new ToneEngine({ name: "broken", failsOn: () => true });
  const paused = { ...job, pauseMs: 500 };
  await expect(new TTSRouter({ engines: [broken] }).speak(paused)).rejects.toThrow("cannot say");
  const { engine } = await new TTSRouter({ engines: [broken, new ToneEngine()] }).speak(paused);
  expect(engine).toBe(new ToneEngine().name);
});

test("a pause with nothing after it asks no engine", async () => {
  const engine = new ToneEngine();
  const events = await Array.fromAsync(speakSentence(engine, { ...job, text: "", pauseMs: 250 }));
  expect(engine.asked).toEqual([]);
  expect(endOf(events)).toMatchObject({ durationMs: 250, samples: 6000, sampleRate: 24_000 });
  expect(pcmOf(events).every((sample) => sample === 0)).toBe(true);
  expect(wordsOf(events)).toEqual([]);
  expect(events.filter(({ type }) => type === "clip")).toHaveLength(1);
});

test("softer by 6 dB is half as loud, and louder is not to be had", () => {
  const sound = Float32Array.from([0.5, -0.25]);
  const loud = new SentenceShape({ gainDb: 6 }).push(sound);
  expect([...loud]).toEqual([0.5, -0.25]);
  const soft = new SentenceShape({ gainDb: -6.0206 }).push(sound);
  expect(soft[0]).toBeCloseTo(0.25, 4);
  expect([...sound]).toEqual([0.5, -0.25]);
});

test("the pause comes once, with the first sound", () => {
  const shape = new SentenceShape({ pauseMs: 2 });
  const sound = Float32Array.from([1, 1]);
  const pieces = [new Float32Array(0), sound, sound].map((piece) => shape.push(piece));
  expect([...joinPcm(pieces)]).toEqual([...Array(48).fill(0), 1, 1, 1, 1]);
  expect(pieces[0]).toHaveLength(0);
});
