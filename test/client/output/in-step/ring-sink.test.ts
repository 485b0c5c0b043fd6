import { expect, test } from "bun:test";
import { RingSink } from "../../../../src/client/output/in-step/ring-sink.ts";
import { SampleRing } from "../../../../src/client/output/in-step/sample-ring.ts";

const RATE = 24_000;
/** Within so many samples of the order a sink has to be silent. */
const FADE = RATE / 100;

/** A sink over a ring, on a clock that is turned by hand. */
function rig(sampleRate = RATE): { sink: RingSink; at: (ms: number) => number; nowMs: number } {
  const ring = new SampleRing(40 * sampleRate);
  const clock = {
    isTable: true,
    playheadMs: () => all.nowMs,
    aheadMs: () => 0,
    tooLate: () => undefined,
  };
  const all = {
    sink: new RingSink(ring, clock, sampleRate),
    at: (ms: number): number => ring.at((ms * sampleRate) / 1000),
    nowMs: 0,
  };
  return all;
}

const sound = (seconds: number, level = 0.5): Float32Array<ArrayBuffer> =>
  new Float32Array(seconds * RATE).fill(level);

test("what is to fall silent later can be silenced now", () => {
  const { sink, at } = rig();
  const line = {};
  sink.place(sound(2), 0, line);
  sink.fade(line, RATE);
  expect([at(1_000), at(1_020), at(1_900)]).toEqual([0.5, 0, 0]);
  sink.fade(line, RATE / 2);
  expect([at(499), at(520), at(900)]).toEqual([0.5, 0, 0]);
});

test("what is to fall silent does so at the earliest moment of those that were ordered", () => {
  const { sink, at } = rig();
  const line = {};
  sink.place(sound(2), 0, line);
  sink.fade(line, RATE / 2);
  sink.fade(line, RATE);
  expect([at(499), at(520), at(900)]).toEqual([0.5, 0, 0]);
});

test("of what has not begun to sound nothing is left", () => {
  const { sink, at } = rig();
  const [line, other] = [{}, {}];
  sink.place(sound(0.5), 0, line);
  sink.place(sound(1, 0.25), RATE / 2, other);
  sink.fade(other, RATE / 4);
  expect([at(499), at(505)]).toEqual([0.5, 0]);
});

test("a line that falls silent takes nothing with it of what stands between its parts", () => {
  const { sink, at } = rig();
  const [line, other] = [{}, {}];
  sink.place(sound(1), 0, line);
  sink.place(sound(1, 0.25), RATE, other);
  sink.place(sound(1), 2 * RATE, line);
  sink.fade(line, 0);
  expect([at(500), at(1_005), at(1_500), at(1_995), at(2_500)]).toEqual([0, 0.25, 0.25, 0.25, 0]);
});

test("a line whose place another one has taken does not silence that", () => {
  const { sink, at } = rig();
  const [line, other] = [{}, {}];
  sink.place(sound(2), 0, line);
  sink.place(sound(0.5, 0.25), RATE, other);
  sink.erase(line, 1.5 * RATE, 2 * RATE);
  sink.place(sound(0.5, 0.25), 1.5 * RATE, other);
  sink.fade(line, 0);
  expect([at(500), at(1_250), at(1_750)]).toEqual([0, 0.25, 0.25]);
});

test("what a line gives up is only its own", () => {
  const { sink, at } = rig();
  const [line, other] = [{}, {}];
  sink.place(sound(2), 0, line);
  sink.place(sound(0.5, 0.25), RATE, other);
  sink.erase(line, RATE / 2, 2 * RATE);
  expect([at(250), at(750), at(1_250), at(1_750)]).toEqual([0.5, 0, 0.25, 0]);
});

test("thousands of lines that were heard are not remembered, and the last one can still be silenced", () => {
  const clock = rig();
  const { sink, at } = clock;
  const last = {};
  for (let line = 0; line < 3_000; line++) {
    clock.nowMs = line * 20;
    sink.place(sound(0.02), (line * RATE) / 50, line === 2_999 ? last : {});
  }
  sink.place(sound(5), 60 * RATE, last);
  sink.fade(last, 61 * RATE);
  expect([at(60_990), at(61_020 + (1_000 * FADE) / RATE)]).toEqual([0.5, 0]);
});
