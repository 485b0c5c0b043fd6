import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import fc from "fast-check";
import { createOpusDecoder } from "../../../src/client/playout/opus.ts";
import { ReorderBuffer, SORT_MS } from "../../../src/client/playout/reorder-buffer.ts";
import { LineRig } from "../line-rig.ts";
import { type ScriptedLine, scriptLine } from "../scripted-line.ts";

let rig: LineRig;
let pcm: ScriptedLine;
let opus: ScriptedLine;

beforeAll(async () => {
  (await createOpusDecoder()).free();
  pcm = await scriptLine({ sentences: [0.5, 0.4] });
  opus = await scriptLine({ codec: "opus", sentences: [0.5, 0.4] });
});
beforeEach(() => {
  rig = new LineRig();
});
afterEach(() => rig.player.close());

const asSequences = (sequences: readonly number[]): { sequence: number }[] =>
  sequences.map((sequence) => ({ sequence }));

test("whatever the order and however often they come, frames are given out in order, each once", () => {
  const arrivals = fc
    .integer({ min: 1, max: 30 })
    .chain((count) =>
      fc.shuffledSubarray([...Array(count).keys(), ...Array(count).keys()], { minLength: 2 * count }),
    );
  fc.assert(
    fc.property(arrivals, (sequences) => {
      const sorter = new ReorderBuffer<{ sequence: number }>();
      const given = asSequences(sequences).flatMap((frame) => sorter.push(frame, 0));
      expect(given.map(({ sequence }) => sequence)).toEqual([...Array(sequences.length / 2).keys()]);
      expect(sorter.isWaiting).toBe(false);
    }),
  );
});

test("with some of them lost, the rest is given out in order, each once, after a moment", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...Array(200).keys()], { minLength: 1 }), (sequences) => {
      const sorter = new ReorderBuffer<{ sequence: number }>();
      const given = asSequences(sequences).flatMap((frame) => sorter.push(frame, 0));
      while (sorter.isWaiting) given.push(...sorter.due(SORT_MS));
      const order = given.map(({ sequence }) => sequence);
      expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
      // Never more than a few dozen wait, so among many that are shuffled some come too late.
      if (sequences.length <= 32) expect(order.length).toBe(sequences.length);
    }),
  );
});

test("a missing frame is waited for, but not for ever", () => {
  const sorter = new ReorderBuffer<{ sequence: number }>();
  const push = (sequence: number, now: number): number[] =>
    sorter.push({ sequence }, now).map((frame) => frame.sequence);
  expect(push(0, 0)).toEqual([0]);
  expect(push(2, 10)).toEqual([]);
  expect(sorter.due(10 + SORT_MS - 1)).toEqual([]);
  expect(sorter.due(10 + SORT_MS)).toEqual([{ sequence: 2 }]);
  expect(push(1, 200)).toEqual([]);
});

test("a burst that arrives in any order, with doubles, is heard sample by sample as it was sent", async () => {
  const orders = fc.shuffledSubarray([...pcm.frames.keys(), ...pcm.frames.keys()], {
    minLength: 2 * pcm.frames.length,
  });
  await fc.assert(
    fc.asyncProperty(orders, fc.boolean(), async (order, isOpus) => {
      const line = isOpus ? opus : pcm;
      const fresh = new LineRig();
      await fresh.unlock();
      fresh.announce(line);
      await fresh.send(order.flatMap((index) => line.frames[index] ?? []));
      await fresh.end(line);
      await fresh.pass(1.3);
      expect(fresh.differsFrom(line.samples)).toBeUndefined();
      fresh.player.close();
    }),
    { numRuns: 25 },
  );
});

test("frames that come again after a reconnect are not heard again", async () => {
  await rig.unlock();
  await rig.tell(pcm, pcm.frames.slice(0, 6));
  rig.announce(pcm);
  await rig.send(pcm.frames.slice(3));
  await rig.end(pcm);
  await rig.pass(1.3);
  expect(rig.differsFrom(pcm.samples)).toBeUndefined();
});

test("a server that has forgotten the line lets what came be heard to its end", async () => {
  await rig.unlock();
  const some = pcm.frames.slice(0, 5);
  await rig.tell(pcm, some);
  rig.client.tell("forgotten", { utterance: pcm.begin.utterance });
  await rig.pass(1);
  const length = some.reduce((sum, { payload }) => sum + payload.length / 2, 0);
  expect(rig.differsFrom(pcm.samples.subarray(0, length))).toBeUndefined();
  expect(rig.report(pcm)).toMatchObject({ ended: true, heardMs: Math.round(length / 24) });
  expect(rig.isAtRest).toBe(true);
});
