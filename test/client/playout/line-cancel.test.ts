import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { createOpusDecoder } from "../../../src/client/playout/opus.ts";
import { LineRig, STEP } from "../line-rig.ts";
import { scriptLine } from "../scripted-line.ts";

let rig: LineRig;

beforeAll(async () => (await createOpusDecoder()).free());
beforeEach(() => {
  rig = new LineRig();
});
afterEach(() => rig.player.close());

/** What is heard from a frame on, as loudness in steps of 1 ms. */
function envelope(from: number, ms: number): number[] {
  const heard = rig.context.render().subarray(from, from + ms * 24);
  return Array.from({ length: ms }, (_, at) =>
    heard.subarray(at * 24, at * 24 + 24).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
  );
}

test("a cancelled line falls silent in 10 ms, without a click, and stays so", async () => {
  const line = await scriptLine({ sentences: [2] });
  await rig.unlock();
  await rig.tell(line);
  await rig.pass(0.7);
  const at = rig.context.frame;
  await rig.cancel(line);
  await rig.send(line.frames);
  await rig.pass(2);
  const [first = 0, ...fading] = envelope(at, 60);
  const before = line.samples.subarray(at - rig.startFrame);
  // The fade is a straight line down over what would have been heard.
  const heard = rig.context.render();
  for (const ms of [0, 3, 6, 9]) {
    const offset = ms * 24;
    expect(heard[at + offset]).toBeCloseTo((before[offset] as number) * (1 - ms / 10), 5);
  }
  expect(first).toBeGreaterThan(0);
  expect(fading.slice(9).every((level) => level === 0)).toBe(true);
  expect(heard.subarray(at + 240).every((sample) => sample === 0)).toBe(true);
  const heardMs = Math.round((at - rig.startFrame) / 24);
  expect(rig.report(line)).toMatchObject({ ended: true, heardMs, state: "playing" });
  expect(rig.isAtRest).toBe(true);
});

test("the next line moves up when one is cancelled or skipped", async () => {
  const [a, b] = [await scriptLine({ sentences: [3] }), await scriptLine({ sentences: [0.5] })];
  for (const drop of [() => rig.cancel(a), () => rig.player.skip()]) {
    rig = new LineRig();
    await rig.unlock();
    await rig.tell(a);
    await rig.tell(b);
    await rig.pass(0.5);
    const at = rig.context.frame;
    await drop();
    await rig.pass(1);
    const heard = rig.context.render();
    const from = heard.findIndex((sample, frame) => frame > at + 240 && sample !== 0);
    expect(from - at).toBeLessThanOrEqual(0.08 * 24_000);
    expect(heard.slice(from, from + b.samples.length - 400)).toEqual(b.samples.slice(0, -400));
    expect(rig.report(b)).toMatchObject({ ended: true, heardMs: b.durationMs });
    rig.player.close();
  }
});

test("cancelling a line that waits leaves no trace in what is heard", async () => {
  const lines = [await scriptLine(), await scriptLine(), await scriptLine()] as const;
  await rig.unlock();
  for (const line of lines) await rig.tell(line);
  await rig.pass(0.5);
  await rig.cancel(lines[1]);
  await rig.pass(2.5);
  expect(rig.differsFrom(lines[0].samples, lines[2].samples)).toBeUndefined();
  expect(rig.report(lines[1])).toMatchObject({ ended: true, heardMs: 0 });
});

test("a line that is cancelled from a later moment on is heard until then", async () => {
  const line = await scriptLine({ sentences: [3] });
  await rig.unlock();
  await rig.tell(line, line.frames.slice(0, -1));
  await rig.pass(0.5);
  await rig.cancel(line, 1_000);
  await rig.pass(3);
  const heard = rig.context.render().subarray(rig.startFrame);
  expect(heard.subarray(0, 23_760)).toEqual(line.samples.subarray(0, 23_760));
  expect(Math.abs(heard[23_990] ?? 1)).toBeLessThan(0.05);
  expect(heard.subarray(24_000).every((sample) => sample === 0)).toBe(true);
  expect(rig.report(line)).toMatchObject({ ended: true, heardMs: 1_000 });
});

test("a line that is cancelled from a moment on that is not scheduled yet is faded there", async () => {
  const line = await scriptLine({ sentences: [14] });
  await rig.unlock();
  await rig.tell(line, line.frames.slice(0, -1));
  await rig.pass(0.5);
  await rig.cancel(line, 12_000);
  await rig.pass(13);
  const heard = rig.context.render().subarray(rig.startFrame);
  const end = 12 * 24_000;
  expect(heard.subarray(0, end - 240)).toEqual(line.samples.subarray(0, end - 240));
  expect(Math.abs(heard[end - 120] ?? 0)).toBeCloseTo(Math.abs(line.samples[end - 120] as number) / 2, 4);
  expect(heard.subarray(end).every((sample) => sample === 0)).toBe(true);
  expect(rig.report(line)).toMatchObject({ ended: true, heardMs: 12_000 });
});

test("a line that was cancelled from a later moment on is silenced by skip before that, at once", async () => {
  const line = await scriptLine({ sentences: [3] });
  await rig.unlock();
  await rig.tell(line, line.frames.slice(0, -1));
  await rig.pass(0.5);
  await rig.cancel(line, 2_000);
  await rig.pass(0.2);
  const at = rig.context.frame;
  rig.player.skip();
  await rig.pass(2);
  const heard = rig.context.render().subarray(rig.startFrame);
  const cut = at - rig.startFrame;
  expect(heard.subarray(0, cut)).toEqual(line.samples.subarray(0, cut));
  expect(heard.subarray(cut + 240).every((sample) => sample === 0)).toBe(true);
  expect(Math.abs((rig.report(line)?.heardMs ?? 0) - cut / 24)).toBeLessThanOrEqual(1);
});

test("a line that is cancelled again falls silent at the earlier moment", async () => {
  const line = await scriptLine({ sentences: [3] });
  await rig.unlock();
  await rig.tell(line, line.frames.slice(0, -1));
  await rig.pass(0.5);
  await rig.cancel(line, 2_000);
  await rig.cancel(line, 1_000);
  await rig.cancel(line, 1_500);
  await rig.pass(3);
  const heard = rig.context.render().subarray(rig.startFrame);
  expect(heard.subarray(0, 23_760)).toEqual(line.samples.subarray(0, 23_760));
  expect(heard.subarray(24_000).every((sample) => sample === 0)).toBe(true);
});

test("stop silences everything that has begun, and what begins later is heard", async () => {
  const [a, b, c] = [await scriptLine(), await scriptLine(), await scriptLine({ sentences: [0.4] })];
  await rig.unlock();
  await rig.tell(a);
  await rig.tell(b, b.frames.slice(0, 3));
  await rig.pass(0.5);
  rig.player.stop();
  const at = rig.context.frame;
  await rig.send(b.frames.slice(3));
  await rig.tell(c);
  await rig.pass(1);
  const heard = rig.context.render();
  const from = heard.findIndex((sample, frame) => frame > at + 240 && sample !== 0);
  expect(heard.slice(from, from + 9_000)).toEqual(c.samples.slice(0, 9_000));
  expect([a, b, c].map((line) => rig.report(line)?.ended)).toEqual([true, true, true]);
  expect(rig.report(b)?.heardMs).toBe(0);
});

test.each(["opus", "pcm16"] as const)(
  "a frame of %s that is being decoded is silenced too",
  async (codec) => {
    const line = await scriptLine({ codec, sentences: [1] });
    await rig.unlock();
    rig.announce(line);
    for (const frame of line.frames) rig.client.tell("frame", frame);
    await rig.cancel(line);
    await rig.pass(STEP * 30);
    expect(rig.context.render().every((sample) => sample === 0)).toBe(true);
  },
);

test("a line that is taken away before its turn is not told as one that could only be read", async () => {
  const [a, b] = [await scriptLine({ sentences: [3] }), await scriptLine({ sentences: [0.5] })];
  await rig.unlock();
  await rig.tell(a);
  await rig.tell(b);
  await rig.pass(0.5);
  await rig.cancel(a);
  await rig.cancel(b);
  await rig.pass(0.5);
  expect(rig.report(a)).toMatchObject({ ended: true, state: "playing" });
  expect(rig.report(b)).toMatchObject({ ended: true, heardMs: 0, state: "playing" });
});
