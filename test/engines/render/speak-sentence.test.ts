import { expect, test } from "bun:test";
import { createDecoder } from "libopus-wasm";
import type { PcmPiece } from "../../../src/core/dsp/audio.ts";
import { int16ToFloat, joinPcm } from "../../../src/core/dsp/pcm.ts";
import {
  decodeFrame,
  FRAME_HEADER_BYTES,
  unpackOpus,
  writeFrameHeader,
} from "../../../src/core/protocol/frame.ts";
import { OPUS_PRE_SKIP, PACKET_SAMPLES } from "../../../src/core/protocol/v2.ts";
import type {
  FrameEncoding,
  SentenceEvent,
  SentenceFrame,
  SentenceJob,
} from "../../../src/engines/contract/sentence-job.ts";
import { createEspeakEngine } from "../../../src/engines/espeak/espeak.ts";
import { speakSentence } from "../../../src/engines/render/speak-sentence.ts";
import { plainVoice, type VoiceConfig } from "../../../src/voices/voice-config.ts";
import { ToneEngine } from "../../support/tone-engine.ts";

const bitrates = { opus: 24_000, "opus-low": 12_000 };
const job: SentenceJob = {
  text: "The dragon roars, and the walls of the old keep tremble.",
  voice: plainVoice("en-us"),
  encodings: ["opus", "opus-low", "pcm16"],
  chunkBytes: 4096,
  bitrates,
  aheadMs: 0,
};

async function speak(
  changes: Partial<SentenceJob> = {},
  engine = new ToneEngine(),
): Promise<SentenceEvent[]> {
  const events: SentenceEvent[] = [];
  for await (const event of speakSentence(engine, { ...job, ...changes })) events.push(event);
  return events;
}

const framesOf = (events: SentenceEvent[]): SentenceFrame[] =>
  events.flatMap((event) => (event.type === "frame" ? [event.frame] : []));

function payload(frame: SentenceFrame, encoding: FrameEncoding): Uint8Array<ArrayBuffer> {
  const bytes = frame.bytes.get(encoding);
  if (!bytes) throw new Error(`no ${encoding}`);
  return bytes.subarray(FRAME_HEADER_BYTES);
}

function pcmOf(frames: readonly SentenceFrame[]): Float32Array {
  return joinPcm(frames.map((frame) => int16ToFloat(new Int16Array(payload(frame, "pcm16").slice().buffer))));
}

async function opusOf(
  frames: readonly SentenceFrame[],
  encoding: "opus" | "opus-low",
): Promise<Float32Array> {
  const decoder = await createDecoder({ sampleRate: 24_000, channels: 1 });
  const packets = frames.flatMap((frame) =>
    unpackOpus({ payload: payload(frame, encoding), packets: frame.packets }),
  );
  return joinPcm(packets.map((packet) => decoder.decodeFloat(packet))).subarray(OPUS_PRE_SKIP);
}

/** How alike two signals are, −1…1. */
function correlation(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

test("every encoding holds the same stretch of the sentence in the same frame", async () => {
  const engine = createEspeakEngine();
  const events: SentenceEvent[] = [];
  for await (const event of speakSentence(engine, job)) events.push(event);
  const frames = framesOf(events);
  const pcm = pcmOf(frames);
  for (const encoding of ["opus", "opus-low"] as const) {
    const opus = await opusOf(frames, encoding);
    expect(opus.length).toBe(pcm.length);
    expect(correlation(opus, pcm)).toBeGreaterThan(0.8);
    // A shift by half a millisecond would be heard as an echo between two listeners in one room.
    expect(correlation(opus, pcm)).toBeGreaterThan(correlation(opus.subarray(12), pcm));
    expect(correlation(opus, pcm)).toBeGreaterThan(correlation(opus.subarray(0, -12), pcm.subarray(12)));
  }
});

test("frames count their samples, begin small and grow", async () => {
  const frames = framesOf(await speak({}, new ToneEngine({ samplesPerChar: 800 })));
  let heard = 0;
  for (const [index, frame] of frames.entries()) {
    expect(frame.begins).toBe(index === 0);
    expect(frame.samples).toBe(frame.packets * PACKET_SAMPLES - (index === 0 ? OPUS_PRE_SKIP : 0));
    expect(payload(frame, "pcm16").length).toBe(2 * frame.samples);
    heard += frame.samples;
  }
  expect(frames[0]?.packets).toBe(2);
  expect(Math.max(...frames.map(({ packets }) => packets))).toBe(50);
  // Nothing of the sentence is cut off, and less than a packet is added.
  expect(heard - 3 * 800 * job.text.length).toBeWithin(0, PACKET_SAMPLES);
});

test("frames are large from the start where listeners have sound ahead", async () => {
  const [first] = framesOf(await speak({ aheadMs: 5000 }, new ToneEngine({ samplesPerChar: 800 })));
  expect(first?.packets).toBe(50);
});

test("a frame has room for its header", async () => {
  const [frame] = framesOf(await speak());
  const bytes = frame?.bytes.get("opus") ?? new Uint8Array();
  const header = {
    first: true,
    last: false,
    discontinuity: true,
    handle: 7,
    sequence: 0,
    ptsSamples: 0,
    packets: frame?.packets ?? 0,
  };
  writeFrameHeader(bytes, header);
  const decoded = decodeFrame(bytes);
  expect(decoded).toMatchObject(header);
  expect(unpackOpus(decoded)).toHaveLength(header.packets);
});

test("nothing is made that nobody ordered", async () => {
  const types = (events: SentenceEvent[]): Set<string> => new Set(events.map(({ type }) => type));
  expect(types(await speak({ encodings: ["dm20"] }))).toEqual(new Set(["progress", "words", "clip", "end"]));
  const events = await speak({ encodings: ["pcm16"] });
  expect(types(events)).toEqual(new Set(["progress", "words", "frame", "end"]));
  for (const frame of framesOf(events)) expect([...frame.bytes.keys()]).toEqual(["pcm16"]);
});

test("words nobody timed are guessed, and said to be guessed", async () => {
  const words = (await speak()).find((event) => event.type === "words");
  const seconds = job.text.length * 0.01;
  expect(words).toMatchObject({ estimated: true });
  const times = words?.type === "words" ? words.words : [];
  expect(times.map(([start, length]) => job.text.slice(start, start + length)).join(" ")).toBe(
    job.text.replace(/[,.]/g, ""),
  );
  let before = 0;
  for (const [, , start, end] of times) {
    expect(start).toBeGreaterThanOrEqual(before);
    expect(end).toBeGreaterThan(start);
    before = end;
  }
  expect(before).toBeWithin(seconds * 800, seconds * 1001);
});

test("a clip is an Ogg Opus file where the voice asks for one", async () => {
  const voice = { ...job.voice, outputFormat: "opus" as const };
  const events = await speak({ encodings: ["dm20"], voice, chunkBytes: 1 << 20 });
  const clip = events.find((event) => event.type === "clip");
  const message = JSON.parse(clip?.type === "clip" ? (clip.messages[0] ?? "") : "");
  expect(message).toMatchObject({ format: "opus", sample_rate: 24_000, duration_ms: job.text.length * 10 });
  const bytes = Buffer.from(message.data, "base64");
  expect(bytes.subarray(0, 4).toString()).toBe("OggS");
  expect(bytes.subarray(28, 36).toString()).toBe("OpusHead");
  expect(bytes.length).toBeLessThan(job.text.length * 80 * 2 * 0.5);
});

/** A tone engine that has MP3 of its own. @param missing of this piece it has none */
class Mp3Engine extends ToneEngine {
  readonly #missing: number | undefined;

  constructor(missing?: number) {
    super();
    this.#missing = missing;
  }

  override async *synthesize(text: string, voice: VoiceConfig): AsyncGenerator<PcmPiece, void, undefined> {
    let index = 0;
    for await (const piece of super.synthesize(text, voice)) {
      yield index === this.#missing ? piece : { ...piece, mp3: new Uint8Array(3).fill(index) };
      index += 1;
    }
  }
}

/** Format and bytes of the clip. */
async function clipOf(engine: ToneEngine, voice: VoiceConfig): Promise<[string, Buffer]> {
  const events = await speak({ encodings: ["dm20"], voice, chunkBytes: 1 << 20 }, engine);
  const clip = events.find((event) => event.type === "clip");
  const { format, data, ...rest } = JSON.parse(clip?.type === "clip" ? (clip.messages[0] ?? "") : "");
  expect(rest.duration_ms).toBe(job.text.length * 10);
  return [format, Buffer.from(data, "base64")];
}

test("an engine's own MP3 goes to dm20 as it is where the voice asks for it, and only whole and unchanged", async () => {
  const mp3: VoiceConfig = { ...job.voice, outputFormat: "mp3" };
  expect(await clipOf(new Mp3Engine(), mp3)).toEqual(["mp3", Buffer.from([0, 0, 0, 1, 1, 1])]);
  for (const [engine, voice] of [
    [new Mp3Engine(), job.voice],
    [new Mp3Engine(1), mp3],
    [new Mp3Engine(0), mp3],
    [new ToneEngine(), mp3],
  ] as const)
    expect((await clipOf(engine, voice))[0]).toBe("wav");
  const inARoom = { ...mp3, extra: { effects: ["radio"] } };
  const events = await speak({ encodings: ["dm20"], voice: inARoom }, new Mp3Engine());
  expect(events.flatMap((event) => (event.type === "clip" ? event.messages : [])).join()).toContain('"wav"');
});

test("how loud the voice was comes with the end, for the next sentence", async () => {
  const [first, second] = [await speak(), await speak({ level: { lufs: -9, ms: 20_000 } })];
  const levels = [first, second].map((events) => {
    const end = events.at(-1);
    return end?.type === "end" ? end.level?.lufs : undefined;
  });
  expect(levels[0]).toBeWithin(-14, -6);
  expect(levels[1]).toBeWithin(-9.3, -8.7);
});
