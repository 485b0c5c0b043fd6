import { expect, test } from "bun:test";
import type { FrameEncoding } from "../../../src/engines/contract/sentence-job.ts";
import { LineInlet } from "../../../src/nats/bus/line-inlet.ts";
import { decodeBurst } from "../../../src/nats/bus/sound-burst.ts";
import { clipBursts, frameBursts } from "../../../src/nats/bus/sound-out.ts";
import type { AudioClip, AudioFrame } from "../../../src/party/fan-out/audio-frame.ts";
import { until } from "../../support/table.ts";

const HEAD = { e: 1, i: 1, u: "line", inside: true, done: 0 };

function framesOf(count: number, made: readonly FrameEncoding[], bytes = 10): AudioFrame[] {
  return Array.from({ length: count }, (_, sequence) => ({
    begins: sequence === 0,
    bytes,
    sentence: 0,
    sequence,
    ptsSamples: sequence * 480,
    samples: 480,
    messages: new Map(made.map((encoding) => [encoding, new Uint8Array(bytes)])),
  }));
}

/** An inlet whose listener wants these encodings, and what came out of it, and was asked for. */
function inletFor(wanted: readonly string[]): {
  inlet: LineInlet;
  frames: AudioFrame[];
  clips: Omit<AudioClip, "fromMs">[];
  skips: number[];
  asked: { frames: number; clips: number }[];
} {
  const [frames, clips, skips]: [AudioFrame[], Omit<AudioClip, "fromMs">[], number[]] = [[], [], []];
  const asked: { frames: number; clips: number }[] = [];
  const inlet = new LineInlet({
    listeners: () => ({
      frame: (frame) => frames.push(frame),
      clip: (clip) => clips.push(clip),
      beginSentence: () => undefined,
      leaveSentence: () => undefined,
      endSentence: () => undefined,
      skip: (sequence) => skips.push(sequence),
    }),
    encodings: () => new Set(wanted),
    needs: () => ({ isAny: true, frames: !wanted.includes("dm20"), clips: wanted.includes("dm20") }),
    missing: (from) => asked.push(from),
  });
  return { inlet, frames, clips, skips, asked };
}

function give(inlet: LineInlet, bytes: Uint8Array): void {
  const burst = decodeBurst(bytes);
  if (burst) inlet.take(burst);
}

test("frames that come in several encodings are given with the one that is wanted, however many bursts they take", () => {
  const { inlet, frames } = inletFor(["pcm16"]);
  // More than one burst, in an encoding that nobody wants, in one that was not made, and in the one that is wanted.
  const made = framesOf(40, ["opus", "pcm16"], 30_000);
  for (const { bytes } of frameBursts(HEAD, made, ["opus", "opus-low", "pcm16"], 40)) give(inlet, bytes);
  expect(frames.map(({ sequence }) => sequence)).toEqual(made.map(({ sequence }) => sequence));
  expect(frames.filter(({ messages }) => !messages.has("pcm16"))).toEqual([]);
});

test("sound that did not come is asked for, and what came behind it waits", async () => {
  const { inlet, frames, skips, asked } = inletFor(["opus"]);
  const [lost, ...later] = framesOf(4, ["opus"]);
  for (const { bytes } of frameBursts(HEAD, later, ["opus"], 4)) give(inlet, bytes);
  expect(frames).toEqual([]);
  await until(() => asked.length > 0);
  expect(asked).toEqual([{ frames: 0, clips: 0 }]);
  for (const { bytes } of frameBursts(HEAD, [lost as AudioFrame, ...later], ["opus"], 4)) give(inlet, bytes);
  expect(frames.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3]);
  expect(skips).toEqual([]);
});

test("what is made and has not come is asked for though nothing follows it; what nobody keeps any more is passed over", async () => {
  const { inlet, frames, skips, asked } = inletFor(["opus"]);
  inlet.expect({ frames: 4, clips: 0 });
  await until(() => asked.length > 0);
  inlet.expect({ frames: 4, clips: 0, keptFrames: 2 });
  expect(skips).toEqual([2]);
  const kept = framesOf(4, ["opus"]).slice(2);
  for (const { bytes } of frameBursts(HEAD, kept, ["opus"], 4)) give(inlet, bytes);
  expect(frames.map(({ sequence }) => sequence)).toEqual([2, 3]);
});

test("a clip of which a part was lost is asked for, and the one behind it waits", async () => {
  const { inlet, clips, asked } = inletFor(["dm20"]);
  const clipOf = (sentence: number): Omit<AudioClip, "fromMs"> => {
    const messages = [`${sentence}`.repeat(400_000), `${sentence}`.repeat(400_000)];
    return { begins: true, bytes: 800_000, sentence, durationMs: 1_000, messages };
  };
  const [first, second] = [clipOf(0), clipOf(1)].map((clip, at) => [...clipBursts(HEAD, clip, at)]);
  expect(first).toHaveLength(2);
  give(inlet, first?.[1] as Uint8Array);
  for (const burst of second ?? []) give(inlet, burst);
  expect(clips).toEqual([]);
  await until(() => asked.length > 0);
  for (const burst of [...(first ?? []), ...(second ?? [])]) give(inlet, burst);
  expect(clips.map(({ sentence }) => sentence)).toEqual([0, 1]);
  expect(clips[0]?.messages).toEqual(clipOf(0).messages);
});
