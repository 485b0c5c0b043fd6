import { expect, test } from "bun:test";
import { Interpolator } from "../../../../src/client/output/in-step/interpolator.ts";
import { Renderer } from "../../../../src/client/output/in-step/renderer.ts";
import { SampleRing } from "../../../../src/client/output/in-step/sample-ring.ts";

const RATE = 24_000;
const QUANTUM = 128;
/** No two samples of the tone differ by more. */
const STEEPEST = 0.2 * 2 * Math.PI * (440 / RATE);

function tone(length: number, from = 0): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => 0.2 * Math.sin((2 * Math.PI * 440 * (from + i)) / RATE));
}

function rig(): {
  ring: SampleRing;
  renderer: Renderer;
  render: (from: number, to: number) => Float32Array<ArrayBuffer>;
} {
  const ring = new SampleRing(2 * RATE);
  const renderer = new Renderer(ring, RATE);
  const render = (from: number, to: number): Float32Array<ArrayBuffer> => {
    const out = new Float32Array(to - from);
    for (let at = 0; at < out.length; at += QUANTUM)
      renderer.render(from + at, out.subarray(at, at + QUANTUM));
    return out;
  };
  return { ring, renderer, render };
}

function steepest(sound: Float32Array): number {
  return sound.reduce((most, sample, i) => Math.max(most, Math.abs(sample - (sound[i - 1] ?? 0))), 0);
}

test("with an anchor on whole positions what comes out is what was written, bit by bit", () => {
  const { ring, render } = rig();
  ring.write(0, tone(4 * QUANTUM * 10));
  expect(render(0, 20 * QUANTUM)).toEqual(tone(20 * QUANTUM));
});

test("sound whose ring is emptied under it fades away without a click, within 10 ms", () => {
  const { ring, render } = rig();
  ring.write(0, tone(RATE));
  const before = render(0, 30 * QUANTUM);
  ring.clear();
  const after = render(30 * QUANTUM, 60 * QUANTUM);
  expect(steepest(Float32Array.from([...before, ...after]))).toBeLessThan(1.5 * STEEPEST);
  expect(after.slice(RATE / 100).every((sample) => sample === 0)).toBe(true);
});

test("before a hole it falls silent, and goes on behind it where it is due, both without a click", () => {
  const { ring, render } = rig();
  ring.write(0, tone(40 * QUANTUM));
  const before = render(0, 50 * QUANTUM);
  // What was missing came too late, what follows in time.
  ring.write(40 * QUANTUM, tone(60 * QUANTUM, 40 * QUANTUM));
  const after = render(50 * QUANTUM, 80 * QUANTUM);
  expect(steepest(Float32Array.from([...before, ...after]))).toBeLessThan(1.5 * STEEPEST);
  expect(after.slice(RATE / 100)).toEqual(tone(after.length - RATE / 100, 50 * QUANTUM + RATE / 100));
});

test("an error of 3 ms is slewed away, one of 20 ms jumped over, both without a click", () => {
  for (const ms of [3, 20]) {
    const { ring, renderer, render } = rig();
    ring.write(0, tone(2 * RATE));
    const before = render(0, 20 * QUANTUM);
    renderer.anchor = { frame: 0, position: (ms * RATE) / 1000, ratio: 1 };
    const after = render(20 * QUANTUM, 300 * QUANTUM);
    expect(steepest(Float32Array.from([...before, ...after]))).toBeLessThan(2 * STEEPEST);
    expect(Math.abs(renderer.error)).toBeLessThan(0.1 * ((ms * RATE) / 1000));
    expect(renderer.jumps).toBe(ms > 5 ? 1 : 0);
  }
});

test("between samples the sound is right to −70 dB, up to 10 kHz", () => {
  const interpolator = new Interpolator();
  for (const hz of [1_000, 4_000, 8_000, 10_000]) {
    const wave = (position: number): number => Math.sin((2 * Math.PI * hz * position) / RATE);
    const ring = new SampleRing(RATE);
    ring.write(
      0,
      Float32Array.from({ length: RATE / 2 }, (_, i) => wave(i)),
    );
    for (let i = 0; i < 1_000; i++) {
      const position = 5_000 + i * 1.618;
      expect(Math.abs(interpolator.at(ring, position) - wave(position))).toBeLessThan(10 ** (-70 / 20));
    }
  }
});
