import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { createOpusDecoder } from "../../../src/client/playout/opus.ts";
import { LineRig } from "../line-rig.ts";
import { type ScriptedLine, scriptLine } from "../scripted-line.ts";

let rig: LineRig;

beforeAll(async () => (await createOpusDecoder()).free());
beforeEach(() => {
  rig = new LineRig();
});
afterEach(() => rig.player.close());

/** Where so many samples were heard, from `from` on; −1: nowhere. */
function find(samples: Float32Array, from: number, length = 2_000): number {
  const heard = rig.context.render();
  for (let at = from; at + length <= heard.length; at++) {
    let same = 0;
    while (same < length && heard[at + same] === samples[same]) same += 1;
    if (same === length) return at;
  }
  return -1;
}

/** The samples from a sentence on. */
function sentence({ frames, samples }: ScriptedLine, index: number): Float32Array<ArrayBuffer> {
  const begins = frames.filter(({ discontinuity }) => discontinuity);
  return samples.subarray(begins[index]?.ptsSamples);
}

const urgent = { priority: 10, interrupt: true } as const;

test.each(["opus", "pcm16"] as const)(
  "a line of %s is interrupted at once, and goes on from the beginning of its sentence",
  async (codec) => {
    const long = await scriptLine({ codec, sentences: [0.8, 1.5, 0.5] });
    const short = await scriptLine({ ...urgent, codec, sentences: [0.6] });
    await rig.unlock();
    await rig.tell(long);
    await rig.pass(1.5);
    const at = rig.context.frame;
    await rig.tell(short);
    await rig.pass(5);
    const heard = rig.context.render();
    // 10 ms of fade, the interrupter within its jitter delay, whole.
    const began = find(short.samples, at);
    expect(began - at).toBeLessThanOrEqual(0.08 * 24_000);
    expect(heard.subarray(at + 240, began).every((sample) => sample === 0)).toBe(true);
    expect(heard.slice(began, began + short.samples.length)).toEqual(short.samples);
    // Then the second sentence from its beginning, and the rest, without a seam.
    const rest = sentence(long, 1);
    const again = began + short.samples.length;
    expect(find(rest, again - 10, 1_000)).toBe(again);
    expect(heard.slice(again, again + rest.length)).toEqual(rest.slice());
    expect(rig.report(short)).toMatchObject({ ended: true, heardMs: short.durationMs });
    // What is heard twice counts once.
    expect(Math.abs((rig.report(long)?.heardMs ?? 0) - long.durationMs)).toBeLessThanOrEqual(1);
    expect(rig.report(long)?.underruns).toBe(0);
  },
);

test("frames of the interrupted line that come after the interrupter's join without a seam", async () => {
  const long = await scriptLine({ sentences: [2.5] });
  const short = await scriptLine({ ...urgent, sentences: [0.5] });
  await rig.unlock();
  const half = long.frames.length - 2;
  await rig.tell(long, long.frames.slice(0, half));
  await rig.pass(0.5);
  const at = rig.context.frame;
  await rig.tell(short);
  await rig.send(long.frames.slice(half));
  await rig.end(long);
  await rig.pass(5);
  const again = find(long.samples, at + 2_000);
  expect(rig.context.render().slice(again, again + long.samples.length)).toEqual(long.samples);
  expect(rig.report(long)).toMatchObject({ ended: true, heardMs: long.durationMs });
});

test("the sound goes on until the interrupter has something to say", async () => {
  const long = await scriptLine({ sentences: [2] });
  const short = await scriptLine({ ...urgent, sentences: [0.5] });
  await rig.unlock();
  await rig.tell(long);
  await rig.pass(0.5);
  rig.announce(short);
  await rig.pass(0.5);
  const at = rig.context.frame;
  expect(rig.context.render().subarray(rig.startFrame)).toEqual(
    long.samples.subarray(0, at - rig.startFrame),
  );
  await rig.send(short.frames);
  await rig.end(short);
  await rig.pass(1);
  expect(find(short.samples, at)).toBeGreaterThan(at);
});

test("an interrupter that is still being spoken keeps the floor, however slowly it comes", async () => {
  const long = await scriptLine({ sentences: [2] });
  const short = await scriptLine({ ...urgent, sentences: [0.2, 0.2, 0.2] });
  await rig.unlock();
  await rig.tell(long);
  await rig.pass(0.3);
  rig.announce(short);
  for (const frame of short.frames) {
    await rig.send([frame]);
    await rig.pass(0.4);
  }
  const before = rig.context.frame;
  await rig.end(short);
  await rig.pass(3);
  expect(find(long.samples, 12_000)).toBeGreaterThanOrEqual(before - 2_000);
  expect(rig.report(short)).toMatchObject({ ended: true, heardMs: short.durationMs });
});

test("of a lower priority, or without `interrupt`, nobody is interrupted", async () => {
  for (const rank of [{ interrupt: true as const, priority: -1 }, { priority: 10 }]) {
    rig = new LineRig();
    const [a, b] = [
      await scriptLine({ priority: 0, sentences: [0.9] }),
      await scriptLine({ ...rank, sentences: [0.5] }),
    ];
    await rig.unlock();
    await rig.tell(a);
    await rig.pass(0.4);
    await rig.tell(b);
    await rig.pass(2);
    expect(rig.differsFrom(a.samples, b.samples)).toBeUndefined();
    rig.player.close();
  }
});

test("an interrupted line that the server drops is not heard again", async () => {
  const long = await scriptLine({ sentences: [2] });
  const short = await scriptLine({ ...urgent, sentences: [0.5] });
  await rig.unlock();
  await rig.tell(long);
  await rig.pass(0.5);
  const at = rig.context.frame;
  await rig.tell(short);
  await rig.cancel(long);
  await rig.pass(3);
  expect(find(long.samples, at)).toBe(-1);
  expect(rig.isAtRest).toBe(true);
});

test("a line whose rest never comes does not keep the others waiting for ever", async () => {
  const long = await scriptLine({ sentences: [1] });
  const short = await scriptLine({ ...urgent, sentences: [0.5] });
  const next = await scriptLine({ sentences: [0.5] });
  await rig.unlock();
  await rig.tell(long, long.frames.slice(0, -1));
  await rig.pass(0.2);
  await rig.tell(short);
  await rig.tell(next);
  await rig.pass(9);
  expect(rig.report(next)).toMatchObject({ ended: true, heardMs: next.durationMs });
});

test("lines that are announced wait in the order of their priority", async () => {
  const [a, b, c] = [
    await scriptLine({ sentences: [0.3] }),
    await scriptLine(),
    await scriptLine({ priority: 5 }),
  ];
  await rig.unlock();
  await rig.tell(a);
  rig.announce(b);
  rig.announce(c);
  await rig.send(c.frames);
  await rig.end(c);
  await rig.send(b.frames);
  await rig.end(b);
  await rig.pass(3);
  expect(rig.differsFrom(a.samples, c.samples, b.samples)).toBeUndefined();
});

test("when the interrupter is cancelled, the interrupted line goes on at once", async () => {
  const long = await scriptLine({ sentences: [2] });
  const short = await scriptLine({ ...urgent, sentences: [3] });
  await rig.unlock();
  await rig.tell(long);
  await rig.pass(0.5);
  await rig.tell(short);
  await rig.pass(0.5);
  const at = rig.context.frame;
  await rig.cancel(short);
  await rig.pass(3);
  expect(find(long.samples, at) - at).toBeLessThanOrEqual(0.08 * 24_000);
  expect(rig.report(long)).toMatchObject({ ended: true, heardMs: long.durationMs });
});

test("an interrupter is heard whole although frames of the interrupted line come before its last", async () => {
  const long = await scriptLine({ sentences: [1.5] });
  const short = await scriptLine({ ...urgent, sentences: [0.4, 0.4] });
  await rig.unlock();
  await rig.tell(long, long.frames.slice(0, -2));
  await rig.pass(0.3);
  rig.announce(short);
  await rig.send(short.frames.slice(0, 3));
  await rig.pass(1);
  // As after a connection that was lost: which line comes first then is not said.
  await rig.send(long.frames.slice(-2));
  await rig.pass(0.1);
  await rig.send(short.frames.slice(3));
  await rig.end(short);
  await rig.end(long);
  await rig.pass(6);
  expect(rig.report(short)).toMatchObject({ ended: true, heardMs: short.durationMs });
  expect(rig.report(long)).toMatchObject({ ended: true, heardMs: long.durationMs });
});

test("a beginning that is on its way to the ear when the line before is skipped is not heard twice", async () => {
  Object.assign(rig.context, { outputLatency: 0.2 });
  const [a, b] = [await scriptLine({ sentences: [0.6] }), await scriptLine({ sentences: [0.6] })];
  await rig.unlock();
  await rig.tell(a);
  await rig.tell(b);
  await rig.pass(0.8);
  rig.player.skip();
  // What is skipped is not what is being said, whatever of it is still on its way.
  expect(rig.spoken.at(-1)?.line).not.toBe(a.begin.utterance);
  await rig.pass(2);
  const began = find(b.samples, 0);
  expect(began).toBeGreaterThan(0);
  expect(find(b.samples, began + 1)).toBe(-1);
  expect(rig.report(b)).toMatchObject({ ended: true, heardMs: b.durationMs });
});

test("the rest of an interrupted line is heard although another line's frames came before it", async () => {
  const long = await scriptLine({ sentences: [1] });
  const short = await scriptLine({ ...urgent, sentences: [0.3] });
  const next = await scriptLine({ sentences: [0.3] });
  await rig.unlock();
  await rig.tell(long, long.frames.slice(0, 3));
  await rig.pass(0.2);
  await rig.tell(short);
  await rig.tell(next);
  await rig.pass(1.5);
  await rig.send(long.frames.slice(3));
  await rig.end(long);
  await rig.pass(3);
  expect(rig.report(long)).toMatchObject({ ended: true, heardMs: long.durationMs });
  expect(rig.report(next)).toMatchObject({ ended: true, heardMs: next.durationMs });
});

test("an interrupter goes before a line of the same priority, and waits for one of a higher", async () => {
  for (const [priority, isInterrupted] of [
    [10, true],
    [11, false],
  ] as const) {
    rig = new LineRig();
    const long = await scriptLine({ priority, sentences: [1.5] });
    const short = await scriptLine({ ...urgent, sentences: [0.5] });
    await rig.unlock();
    await rig.tell(long);
    await rig.pass(0.4);
    await rig.tell(short);
    await rig.pass(4);
    const began = find(short.samples, 0);
    expect(began).toBeGreaterThan(0);
    expect(began < find(long.samples.subarray(-4_000), 0)).toBe(isInterrupted);
  }
});

test("a line that interrupts one of which no sound came yet goes before it", async () => {
  const first = await scriptLine({ ...urgent, sentences: [0.5] });
  const second = await scriptLine({ ...urgent, sentences: [0.6] });
  await rig.unlock();
  rig.announce({ ...first, begin: { ...first.begin, offset: 1 } });
  rig.announce({ ...second, begin: { ...second.begin, offset: 2 } });
  await rig.send(second.frames);
  await rig.end(second);
  await rig.pass(0.2);
  await rig.send(first.frames);
  await rig.end(first);
  await rig.pass(3);
  const began = find(second.samples, 0);
  const heard = rig.context.render();
  expect(heard.slice(began, began + second.samples.length)).toEqual(second.samples);
  expect(find(first.samples, began)).toBe(began + second.samples.length);
});
