import { afterEach, beforeEach, expect, test } from "bun:test";
import { clip, PlayerRig, settle } from "./player-rig.ts";

let rig: PlayerRig;

beforeEach(() => {
  rig = new PlayerRig();
});
afterEach(() => rig.player.close());

test("who taps late joins the sentence the others are hearing now", async () => {
  for (let tag = 1; tag <= 4; tag++) rig.player.play(clip(tag, 3));
  rig.nowMs = 7000;
  await rig.unlock();
  await settle();
  expect(rig.dropped).toEqual([
    [1, "missed"],
    [2, "missed"],
  ]);
  expect(rig.heard).toEqual([3, 4]);
});

test("who taps much later hears nothing old", async () => {
  rig.player.play(clip(1, 3));
  rig.nowMs = 60_000;
  rig.player.play(clip(2, 3));
  await rig.unlock();
  await settle();
  expect(rig.heard).toEqual([2]);
});

test("after an interruption the speech goes on where the table is", async () => {
  await rig.unlock();
  for (let tag = 1; tag <= 3; tag++) rig.player.play(clip(tag, 4));
  await settle();
  await rig.pass(1);
  await rig.context.become("suspended");
  expect(rig.player.state).toBe("interrupted");
  rig.nowMs += 5000;
  rig.player.unlock();
  await settle();
  expect(rig.player.state).toBe("running");
  expect(rig.dropped).toEqual([[1, "missed"]]);
  expect(rig.context.heard.slice(-2).map(({ tag }) => tag)).toEqual([2, 3]);
});

test("a closed player is silent for good", async () => {
  await rig.unlock();
  rig.player.close();
  rig.player.play(clip(1));
  rig.player.unlock();
  await settle();
  expect(rig.player.state).toBe("closed");
  expect(rig.context.state).toBe("closed");
  expect(rig.heard).toEqual([]);
});
