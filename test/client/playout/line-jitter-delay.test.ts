import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  FIRST_JITTER_DELAY_MS,
  JitterDelay,
  MAX_JITTER_DELAY_MS,
} from "../../../src/client/playout/jitter-delay.ts";
import { LineRig } from "../line-rig.ts";
import { scriptLine } from "../scripted-line.ts";

let rig: LineRig;

beforeEach(() => {
  rig = new LineRig();
});
afterEach(() => rig.player.close());

test("the jitter delay doubles with every underrun, up to a second and a half, and shrinks slowly again", () => {
  const jitterDelay = new JitterDelay();
  const grown = Array.from({ length: 6 }, () => {
    jitterDelay.grow();
    return jitterDelay.ms;
  });
  expect(grown).toEqual([160, 320, 640, 1280, MAX_JITTER_DELAY_MS, MAX_JITTER_DELAY_MS]);
  jitterDelay.rest(10_000);
  expect(jitterDelay.ms).toBe(MAX_JITTER_DELAY_MS);
  jitterDelay.rest(10_000);
  expect(jitterDelay.ms).toBe(1_200);
  for (let hour = 0; hour < 100; hour++) jitterDelay.rest(15_000);
  expect(jitterDelay.ms).toBe(FIRST_JITTER_DELAY_MS);
});

test("sound that runs dry is told, and goes on whole after a longer jitter delay", async () => {
  const line = await scriptLine({ sentences: [2] });
  await rig.unlock();
  await rig.tell(line, line.frames.slice(0, 4));
  await rig.pass(1.5);
  expect(rig.report(line)).toMatchObject({ state: "lagging", underruns: 0 });
  const before = rig.client.reports.length;
  const at = rig.context.frame;
  await rig.send(line.frames.slice(4));
  await rig.end(line);
  expect(rig.player.cushionMs).toBe(2 * FIRST_JITTER_DELAY_MS);
  await rig.pass(4);
  expect(rig.report(line)).toMatchObject({ underruns: 1, ended: true, heardMs: line.durationMs });
  // It is told once.
  const told = rig.client.reports.slice(before).map(({ state, underruns }) => `${state} ${underruns}`);
  expect(told).toEqual(["lagging 1", "playing 1", "playing 1"]);
  const from = line.frames[4]?.ptsSamples ?? 0;
  const heard = rig.context.render();
  const resumed = at + Math.ceil((2 * FIRST_JITTER_DELAY_MS * 24_000) / 1000);
  expect(heard.slice(rig.startFrame, rig.startFrame + from)).toEqual(line.samples.slice(0, from));
  expect(heard.slice(resumed, resumed + 10_000)).toEqual(line.samples.slice(from, from + 10_000));
  expect(heard[resumed - 1]).toBe(0);
});

test("frames that come in time are no underrun, however little is ahead", async () => {
  const line = await scriptLine({ sentences: [3] });
  await rig.unlock();
  rig.announce(line);
  let sent = 0;
  for (const frame of line.frames) {
    await rig.send([frame]);
    sent += frame.payload.length / 2 / 24_000;
    await rig.pass(Math.max(0, sent - 0.06 - rig.context.currentTime));
  }
  await rig.end(line);
  await rig.pass(2);
  expect(rig.differsFrom(line.samples)).toBeUndefined();
  expect(rig.report(line)?.underruns).toBe(0);
});

test("thirty seconds that come at once are scheduled ten seconds ahead, and kept no longer than needed", async () => {
  const line = await scriptLine({ sentences: [8, 8, 8, 6] });
  await rig.unlock();
  await rig.tell(line);
  const ahead = (): number => Math.max(...rig.context.heard.map(({ to }) => to)) - rig.context.frame;
  expect(ahead()).toBeGreaterThan(9 * 24_000);
  expect(ahead()).toBeLessThan(11.2 * 24_000);
  await rig.pass(12);
  expect(ahead()).toBeLessThan(11.2 * 24_000);
  expect(rig.context.sources.size).toBeLessThan(20);
  await rig.pass(19);
  expect(rig.differsFrom(line.samples)).toBeUndefined();
  expect(rig.isAtRest).toBe(true);
});

test("what was heard makes room: a line far longer than what may be queued is heard whole", async () => {
  rig = new LineRig({ maxQueuedMs: 8_000 });
  const dropped: unknown[] = [];
  rig.player.on("dropped", (event) => dropped.push(event));
  const line = await scriptLine({ sentences: Array.from({ length: 10 }, () => 2) });
  const begins = line.frames.flatMap(({ discontinuity }, index) => (discontinuity ? [index] : []));
  await rig.unlock();
  rig.announce(line);
  for (const [sentence, from] of begins.entries()) {
    await rig.send(line.frames.slice(from, begins[sentence + 1]));
    if (sentence > 0) await rig.pass(2);
  }
  await rig.end(line);
  await rig.pass(3);
  expect(dropped).toEqual([]);
  expect(rig.differsFrom(line.samples)).toBeUndefined();
});
