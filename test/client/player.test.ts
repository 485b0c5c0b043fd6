import { afterEach, beforeEach, expect, test } from "bun:test";
import { type DropReason, type LineClip, Player, type PlayerOptions } from "../../src/client/index.ts";
import { CUSHION_SECONDS } from "../../src/client/schedule.ts";
import { FakeAudioContext } from "./fake-audio.ts";

let context: FakeAudioContext;
let player: Player;
let dropped: [tag: number | undefined, reason: DropReason][];
let nowMs: number;

beforeEach(() => setTable());
afterEach(() => player.close());

function setTable(options: PlayerOptions = {}): void {
  player?.close();
  context = new FakeAudioContext();
  nowMs = 0;
  dropped = [];
  const createContext = (): AudioContext => context as unknown as AudioContext;
  player = new Player({ createContext, now: () => nowMs, ...options });
  player.on("dropped", ({ clip, reason }) => dropped.push([clip.bytes[0], reason]));
}

/** A clip the fake can decode: what it is called and how long it lasts. */
function clip(tag: number, seconds = 1): LineClip {
  const bytes = Uint8Array.of(tag, seconds * 10);
  return { format: "wav", bytes, sampleRate: 24_000, durationMs: seconds * 1000, line: `line ${tag}` };
}

/** Lets everything that is being decoded get ready. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

/** Time passes, for the ears and for everyone else, until the player had a look around. */
async function pass(seconds: number): Promise<void> {
  context.advance(seconds);
  nowMs += seconds * 1000;
  await Bun.sleep(120);
}

async function unlocked(): Promise<void> {
  player.unlock();
  await settle();
  expect(player.state).toBe("running");
}

function heardTags(): number[] {
  return context.heard.filter(({ from, to }) => to > from).map(({ tag }) => tag);
}

test("clips join exact to the frame, whenever they arrive", async () => {
  await unlocked();
  player.play(clip(1, 0.7));
  player.play(clip(2, 0.3));
  await settle();
  context.advance(0.5);
  player.play(clip(3, 1.1));
  await settle();
  const [a, b, c] = context.heard;
  expect(b?.from).toBe(a?.to as number);
  expect(c?.from).toBe(b?.to as number);
});

test("there is a cushion at the start and after the schedule ran dry, and only then", async () => {
  await unlocked();
  const cushion = Math.ceil(CUSHION_SECONDS * context.sampleRate);
  player.play(clip(1, 0.5));
  await settle();
  expect(context.heard[0]?.from).toBe(cushion);
  context.advance(2);
  const dryAt = context.frame;
  player.play(clip(2, 0.5));
  player.play(clip(3, 0.5));
  await settle();
  expect(context.heard[1]?.from).toBe(dryAt + cushion);
  expect(context.heard[2]?.from).toBe(context.heard[1]?.to as number);
});

test("a start that would be late gets a cushion, so that nothing overlaps", async () => {
  await unlocked();
  player.play(clip(1, 0.5));
  await settle();
  const end = context.heard[0]?.to as number;
  context.frame = end - 64;
  player.play(clip(2, 0.5));
  player.play(clip(3, 0.5));
  await settle();
  const [, b, c] = context.heard;
  expect(b?.from).toBeGreaterThan(end);
  expect(c?.from).toBe(b?.to as number);
});

test("stop fades out and drops everything scheduled and everything waiting", async () => {
  await unlocked();
  for (let tag = 1; tag <= 20; tag++) player.play(clip(tag, 2));
  await settle();
  context.advance(1);
  player.stop();
  const silentFrom = context.frame + Math.ceil(0.01 * context.sampleRate);
  expect(context.heard.every(({ from, to }) => to <= silentFrom || from === to)).toBe(true);
  expect(context.gains.at(-2)?.gain.ramps).toEqual([{ to: 0, at: context.currentTime + 0.01 }]);
  await pass(5);
  expect(heardTags()).toEqual([1]);
  player.play(clip(99));
  await settle();
  expect(heardTags()).toEqual([1, 99]);
});

test("a clip that was being decoded when the player stopped is not heard", async () => {
  await unlocked();
  player.play(clip(1));
  player.stop();
  player.play(clip(2));
  await settle();
  expect(heardTags()).toEqual([2]);
});

test("only so much is decoded ahead, and the rest follows without a seam", async () => {
  await unlocked();
  for (let tag = 1; tag <= 10; tag++) player.play(clip(tag, 2));
  await settle();
  expect(context.heard.length).toBe(5);
  await pass(6);
  expect(context.heard.length).toBe(8);
  const joins = context.heard.slice(1).map(({ from }, i) => from - (context.heard[i]?.to as number));
  expect(new Set(joins)).toEqual(new Set([0]));
});

test("at the limit the oldest clip that waits is dropped and reported", async () => {
  setTable({ maxQueuedMs: 20_000 });
  await unlocked();
  for (let tag = 1; tag <= 5; tag++) player.play(clip(tag, 2));
  await settle();
  for (let tag = 6; tag <= 12; tag++) player.play(clip(tag, 2));
  expect(dropped).toEqual([
    [6, "full"],
    [7, "full"],
    [8, "full"],
  ]);
});

test("a clip no browser can play is reported and the next one is heard", async () => {
  await unlocked();
  player.play({ ...clip(1), bytes: Uint8Array.of(1) });
  player.play(clip(2));
  await settle();
  expect(dropped).toEqual([[1, "undecodable"]]);
  expect(heardTags()).toEqual([2]);
});

test("who taps late joins the sentence the others are hearing now", async () => {
  for (let tag = 1; tag <= 4; tag++) player.play(clip(tag, 3));
  nowMs = 7000;
  await unlocked();
  await settle();
  expect(dropped).toEqual([
    [1, "missed"],
    [2, "missed"],
  ]);
  expect(heardTags()).toEqual([3, 4]);
});

test("who taps much later hears nothing old", async () => {
  player.play(clip(1, 3));
  nowMs = 60_000;
  player.play(clip(2, 3));
  await unlocked();
  await settle();
  expect(heardTags()).toEqual([2]);
});

test("after an interruption the speech goes on where the table is", async () => {
  await unlocked();
  for (let tag = 1; tag <= 3; tag++) player.play(clip(tag, 4));
  await settle();
  await pass(1);
  await context.become("suspended");
  expect(player.state).toBe("interrupted");
  nowMs += 5000;
  player.unlock();
  await settle();
  expect(player.state).toBe("running");
  expect(dropped).toEqual([[1, "missed"]]);
  expect(context.heard.slice(-2).map(({ tag }) => tag)).toEqual([2, 3]);
});

test("the clip being heard is told, and the silence after it", async () => {
  const audible: (string | undefined)[] = [];
  player.on("audible", (clip) => audible.push(clip?.line));
  await unlocked();
  player.play(clip(1));
  player.play(clip(2));
  await settle();
  expect(audible).toEqual([]);
  await pass(0.5);
  await pass(1);
  await pass(1);
  expect(audible).toEqual(["line 1", "line 2", undefined]);
});

test("mute and volume glide, and outlive each other", async () => {
  await unlocked();
  const master = context.gains[0]?.gain;
  player.volume = 0.5;
  player.muted = true;
  player.volume = 3;
  player.muted = false;
  expect(master?.ramps.map(({ to }) => to)).toEqual([0.25, 0, 0, 1]);
  expect(player.volume).toBe(1);
});

test("a closed player is silent for good", async () => {
  await unlocked();
  player.close();
  player.play(clip(1));
  player.unlock();
  await settle();
  expect(player.state).toBe("closed");
  expect(context.state).toBe("closed");
  expect(heardTags()).toEqual([]);
});
