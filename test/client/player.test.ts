import { afterEach, beforeEach, expect, test } from "bun:test";
import { START_DELAY_SECONDS } from "../../src/client/playout/clip-player.ts";
import { clip, PlayerRig, settle } from "./player-rig.ts";

let rig: PlayerRig;

beforeEach(() => {
  rig = new PlayerRig();
});
afterEach(() => rig.player.close());

test("clips join exact to the frame, whenever they arrive", async () => {
  await rig.unlock();
  rig.player.play(clip(1, 0.7));
  rig.player.play(clip(2, 0.3));
  await settle();
  rig.context.advance(0.5);
  rig.player.play(clip(3, 1.1));
  await settle();
  const [a, b, c] = rig.context.heard;
  expect(b?.from).toBe(a?.to as number);
  expect(c?.from).toBe(b?.to as number);
});

test("there is a delay at the start and after the schedule ran dry, and only then", async () => {
  await rig.unlock();
  const delay = Math.ceil(START_DELAY_SECONDS * rig.context.sampleRate);
  rig.player.play(clip(1, 0.5));
  await settle();
  expect(rig.context.heard[0]?.from).toBe(delay);
  rig.context.advance(2);
  const dryAt = rig.context.frame;
  rig.player.play(clip(2, 0.5));
  rig.player.play(clip(3, 0.5));
  await settle();
  expect(rig.context.heard[1]?.from).toBe(dryAt + delay);
  expect(rig.context.heard[2]?.from).toBe(rig.context.heard[1]?.to as number);
});

test("a start that would be late gets a delay, so that nothing overlaps", async () => {
  await rig.unlock();
  rig.player.play(clip(1, 0.5));
  await settle();
  const end = rig.context.heard[0]?.to as number;
  rig.context.frame = end - 64;
  rig.player.play(clip(2, 0.5));
  rig.player.play(clip(3, 0.5));
  await settle();
  const [, b, c] = rig.context.heard;
  expect(b?.from).toBeGreaterThan(end);
  expect(c?.from).toBe(b?.to as number);
});

test("stop fades out and drops everything scheduled and everything waiting", async () => {
  await rig.unlock();
  for (let tag = 1; tag <= 20; tag++) rig.player.play(clip(tag, 2));
  await settle();
  rig.context.advance(1);
  rig.player.stop();
  const silentFrom = rig.context.frame + Math.ceil(0.01 * rig.context.sampleRate);
  expect(rig.context.heard.every(({ from, to }) => to <= silentFrom || from === to)).toBe(true);
  expect(rig.context.gains.at(-1)?.gain.ramps).toEqual([{ to: 0, at: rig.context.currentTime + 0.01 }]);
  await rig.pass(5);
  expect(rig.heard).toEqual([1]);
  rig.player.play(clip(99));
  await settle();
  expect(rig.heard).toEqual([1, 99]);
});

test("a clip that was being decoded when the player stopped is not heard", async () => {
  await rig.unlock();
  rig.player.play(clip(1));
  rig.player.stop();
  rig.player.play(clip(2));
  await settle();
  expect(rig.heard).toEqual([2]);
});

test("only so much is decoded ahead, and the rest follows without a seam", async () => {
  await rig.unlock();
  for (let tag = 1; tag <= 10; tag++) rig.player.play(clip(tag, 2));
  await settle();
  expect(rig.context.heard.length).toBe(5);
  await rig.pass(6);
  expect(rig.context.heard.length).toBe(8);
  const joins = rig.context.heard.slice(1).map(({ from }, i) => from - (rig.context.heard[i]?.to as number));
  expect(new Set(joins)).toEqual(new Set([0]));
});

test("at the limit the oldest clip that waits is dropped and reported", async () => {
  rig = new PlayerRig({ maxQueuedMs: 20_000 });
  await rig.unlock();
  for (let tag = 1; tag <= 5; tag++) rig.player.play(clip(tag, 2));
  await settle();
  for (let tag = 6; tag <= 12; tag++) rig.player.play(clip(tag, 2));
  expect(rig.dropped).toEqual([
    [6, "full"],
    [7, "full"],
    [8, "full"],
  ]);
});

test("a clip no browser can play is reported and the next one is heard", async () => {
  await rig.unlock();
  rig.player.play({ ...clip(1), bytes: Uint8Array.of(1) });
  rig.player.play(clip(2));
  await settle();
  expect(rig.dropped).toEqual([[1, "undecodable"]]);
  expect(rig.heard).toEqual([2]);
});

test("the clip being heard is told, and the silence after it", async () => {
  const audible: (string | undefined)[] = [];
  rig.player.on("spoken", (spoken) => audible.push(spoken?.line));
  await rig.unlock();
  rig.player.play(clip(1));
  rig.player.play(clip(2));
  await settle();
  expect(audible).toEqual([]);
  await rig.pass(0.5);
  await rig.pass(1);
  await rig.pass(1);
  expect(audible).toEqual(["line 1", "line 2", undefined]);
});

test("a clip that was heard to its end is not heard again after a call", async () => {
  await rig.unlock();
  rig.player.play(clip(1));
  await rig.pass(0.5);
  // A page in the background looks around once a second at best.
  rig.context.advance(1.5);
  rig.nowMs += 1_500;
  await rig.context.become("suspended");
  await rig.context.become("running");
  await rig.pass(2);
  expect(rig.heard).toEqual([1]);
});

test("a player that is closed follows nobody", () => {
  let listeners = 0;
  const client = {
    on: () => {
      listeners += 1;
      return () => undefined;
    },
    heard: () => undefined,
    change: () => undefined,
  };
  rig.player.close();
  rig.player.follow(client)();
  expect(listeners).toBe(0);
});

test("mute and volume glide, and outlive each other", async () => {
  await rig.unlock();
  const master = rig.context.gains[0]?.gain;
  rig.player.volume = 0.5;
  rig.player.muted = true;
  rig.player.volume = 3;
  rig.player.muted = false;
  expect(master?.ramps.map(({ to }) => to)).toEqual([0.25, 0, 0, 1]);
  expect(rig.player.volume).toBe(1);
});

test("skip goes on to the next line's clips", async () => {
  await rig.unlock();
  const first = clip(1, 4).line as string;
  for (const next of [clip(1, 4), { ...clip(2, 4), line: first }, clip(3, 4), clip(4, 4)])
    rig.player.play(next);
  await settle();
  rig.context.advance(1);
  rig.player.skip();
  await settle();
  await rig.pass(2);
  expect(rig.context.heard.filter(({ from, to }) => to > from).map(({ tag }) => tag)).toEqual([1, 3, 4]);
});
