import type { LineFrame } from "../../src/client/index.ts";
import { decodeFrame, writeFrameHeader } from "../../src/core/protocol/frame.ts";
import {
  type Codec,
  OPUS_PRE_SKIP,
  type SpeechBeginMessage,
  type SpeechTextMessage,
  V2_SAMPLE_RATE,
} from "../../src/core/protocol/v2.ts";
import { createFrameEncoder } from "../../src/engines/render/frame-encoder.ts";
import { FramePace } from "../../src/engines/render/frame-pace.ts";
import { FrameStream } from "../../src/engines/render/frame-stream.ts";
import { continuousDecode, pcmOf } from "../support/wire-recorder.ts";

export interface LineScript extends Partial<SpeechBeginMessage> {
  /** Seconds of each sentence. */
  sentences?: readonly number[];
}

/** A line as a server would send it. */
export interface ScriptedLine {
  begin: SpeechBeginMessage;
  texts: SpeechTextMessage[];
  frames: LineFrame[];
  /** The same as they travel. */
  messages: Uint8Array<ArrayBuffer>[];
  /** What is to be heard, sample by sample. */
  samples: Float32Array<ArrayBuffer>;
  durationMs: number;
}

let handles = 0;

/** Writes a line with the server's own encoders: a sound in which every moment differs from every other. */
export async function scriptLine(script: LineScript = {}): Promise<ScriptedLine> {
  const { sentences = [1], ...given } = script;
  const codec = given.codec ?? "pcm16";
  const begin: SpeechBeginMessage = {
    type: "speech.begin",
    offset: 0,
    utterance: `line ${++handles}`,
    handle: handles,
    speaker: "dm",
    private: false,
    codec,
    sampleRate: V2_SAMPLE_RATE,
    channels: 1,
    preSkip: codec === "opus" ? OPUS_PRE_SKIP : 0,
    priority: 0,
    language: "en",
    speed: 1,
    pitch: 0,
    ...given,
  };
  const line: ScriptedLine = {
    begin,
    texts: [],
    frames: [],
    messages: [],
    samples: new Float32Array(0),
    durationMs: 0,
  };
  for (const [sentence, seconds] of sentences.entries()) {
    line.texts.push(textOf(line, sentence, seconds));
    await addSentence(line, codec, seconds);
  }
  for (const [index, message] of line.messages.entries()) {
    const frame = decodeFrame(message);
    writeFrameHeader(message, { ...frame, last: index === line.messages.length - 1 });
    line.frames.push({ ...decodeFrame(message), utterance: begin.utterance });
  }
  line.samples = codec === "opus" ? await continuousDecode(line.frames) : floats(pcmOf(line.frames));
  line.durationMs = Math.round((line.samples.length * 1000) / V2_SAMPLE_RATE);
  return line;
}

/** Four words a second. */
function textOf({ begin, messages }: ScriptedLine, sentence: number, seconds: number): SpeechTextMessage {
  const atMs = Math.round((samplesIn(messages) * 1000) / V2_SAMPLE_RATE);
  const words = Array.from({ length: Math.max(1, Math.floor(seconds * 4)) }, (_, word) => word);
  return {
    type: "speech.text",
    offset: 0,
    utterance: begin.utterance,
    sentence,
    text: words.map((word) => `word${word % 10}`).join(" "),
    atMs,
    words: words.map((word) => [word * 6, 5, atMs + word * 250, atMs + word * 250 + 200]),
  };
}

async function addSentence(line: ScriptedLine, codec: Codec, seconds: number): Promise<void> {
  const encoder = await createFrameEncoder(codec, { opus: 24_000, "opus-low": 12_000 });
  const cutter = new FrameStream(new Map([[codec, encoder]]), new FramePace(0, () => 0));
  const sound = chirp(Math.round(seconds * V2_SAMPLE_RATE), line.messages.length + line.begin.handle);
  let pts = samplesIn(line.messages);
  cutter.push(sound);
  cutter.end();
  for (let frame = cutter.next(); frame; frame = cutter.next()) {
    const { begins, packets, samples, bytes } = frame;
    const message = bytes.get(codec) as Uint8Array<ArrayBuffer>;
    const sequence = line.messages.length;
    const header = { first: sequence === 0, last: false, discontinuity: begins, packets };
    writeFrameHeader(message, { ...header, handle: line.begin.handle, sequence, ptsSamples: pts });
    pts += samples;
    line.messages.push(message);
  }
  encoder.free();
}

function samplesIn(messages: readonly Uint8Array<ArrayBuffer>[]): number {
  const last = messages.at(-1);
  if (!last) return 0;
  const { ptsSamples, packets, discontinuity } = decodeFrame(last);
  return ptsSamples + packets * 480 - (discontinuity ? OPUS_PRE_SKIP : 0);
}

/** Never silent and never the same twice. */
function chirp(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    const t = i / V2_SAMPLE_RATE;
    return (
      0.3 * Math.sin(2 * Math.PI * t * (150 + 20 * (seed % 7) + 40 * t)) +
      0.1 * Math.cos(1900 * t + seed) +
      0.02
    );
  });
}

function floats(pcm: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.length);
  return Float32Array.from({ length: pcm.length / 2 }, (_, i) => view.getInt16(2 * i, true) / 0x8000);
}
