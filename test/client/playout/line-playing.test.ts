import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { createOpusDecoder } from "../../../src/client/playout/opus.ts";
import { LineRig, STEP } from "../line-rig.ts";
import { scriptLine } from "../scripted-line.ts";

let rig: LineRig;

// The library takes its time once; afterwards decoders are made in a turn.
beforeAll(async () => (await createOpusDecoder()).free());
beforeEach(() => {
  rig = new LineRig();
});
afterEach(() => rig.player.close());

test("a line of PCM is heard bit by bit as it was sent, without a seam", async () => {
  const line = await scriptLine({ sentences: [0.7, 1.3, 0.31] });
  await rig.unlock();
  await rig.tell(line);
  await rig.pass(3);
  expect(rig.differsFrom(line.samples)).toBeUndefined();
});

test("a line of Opus is heard as one continuous decoding of its packets", async () => {
  const line = await scriptLine({ codec: "opus", sentences: [0.7, 1.3, 0.31] });
  await rig.unlock();
  await rig.tell(line);
  await rig.pass(3);
  expect(rig.differsFrom(line.samples)).toBeUndefined();
});

test("lines follow each other without a seam, whichever codec they come in", async () => {
  const [a, b] = await Promise.all([scriptLine({ codec: "opus" }), scriptLine()]);
  await rig.unlock();
  await rig.tell(a);
  await rig.tell(b);
  await rig.pass(3);
  expect(rig.differsFrom(a.samples, b.samples)).toBeUndefined();
});

test("a start waits for 80 ms of sound to gather, and frames that trickle in join", async () => {
  const line = await scriptLine({ sentences: [1] });
  await rig.unlock();
  await rig.tell(line, []);
  for (const frame of line.frames) {
    await rig.send([frame]);
    await rig.pass(STEP / 2);
  }
  await rig.end(line);
  await rig.pass(2);
  expect(rig.startFrame).toBe(0.08 * 24_000);
  expect(rig.differsFrom(line.samples)).toBeUndefined();
  expect(rig.report(line)).toMatchObject({
    underruns: 0,
    ended: true,
    heardMs: line.durationMs,
    state: "playing",
  });
});
