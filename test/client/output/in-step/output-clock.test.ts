import { expect, test } from "bun:test";
import { OutputClock, STAMP_MS } from "../../../../src/client/output/in-step/output-clock.ts";
import { seeded } from "../../../support/random.ts";
import { quantile } from "../../../support/step/step-table.ts";

interface Device {
  /** ms by which the timestamps are wrong at a time. */
  wrong?: (ms: number) => number;
  /** ms by which the device itself has slipped by a time. */
  slipped?: (ms: number) => number;
  ppm?: number;
}

/** ms by which the clock is wrong, looked at from one second to another; over several seeds. */
function errors({ wrong = () => 0, slipped = () => 0, ppm = 0 }: Device, from: number, to: number): number[] {
  const all: number[] = [];
  for (let seed = 1; seed <= 6; seed++) {
    const random = seeded(seed);
    const clock = new OutputClock();
    const contextMs = (ms: number): number => ms * (1 + ppm * 1e-6) - 40 + slipped(ms);
    for (let ms = 100; ms < to * 1000; ms += STAMP_MS) {
      const then = ms - random() * 8;
      const noise = (random() - 0.5) * 0.2 + wrong(then);
      clock.add({
        atMs: then,
        contextTime: (contextMs(then) + noise) / 1000,
        seenAtMs: ms,
        currentTime: (contextMs(ms) + 40) / 1000,
        latency: 0.04,
      });
      if (ms > from * 1000) all.push(Math.abs(clock.contextTimeAt(ms) * 1000 - contextMs(ms)));
    }
  }
  return all;
}

const p95 = (device: Device, from: number, to: number): number => quantile(errors(device, from, to), 0.95);

test("a device that drifts is known to a thirtieth of a ms", () => {
  for (const ppm of [-80, 0, 80]) expect(p95({ ppm }, 6, 20)).toBeLessThan(0.034);
});

test("timestamps that crawl to the truth while a device starts are forgotten soon after", () => {
  const wrong = (ms: number): number => -80 * Math.max(0, 1 - ms / 5_000);
  expect(p95({ wrong }, 7, 14)).toBeLessThan(0.2);
});

test("the same with a saw's teeth of 6 ms", () => {
  const saw = (ms: number): number => (((ms * 0.0011) % 1) - 0.5) * 12;
  const wrong = (ms: number): number => -80 * Math.max(0, 1 - ms / 5_000) + saw(ms);
  expect(p95({ wrong }, 9, 30)).toBeLessThan(1);
});

test("a device that slips is followed at once, and its drift is not forgotten", () => {
  const slipped = (ms: number): number => (ms > 12_000 ? -10 : 0);
  expect(p95({ slipped, ppm: 100 }, 12.3, 25)).toBeLessThan(0.1);
});

test("a slip that is less than the timestamps' noise is found within seconds", () => {
  const wrong = (ms: number): number => (((ms * 0.0055) % 1) - 0.5) * 10;
  const slipped = (ms: number): number => (ms > 20_000 ? -5.6 : 0);
  expect(p95({ slipped, wrong, ppm: 100 }, 21.5, 26)).toBeLessThan(1.5);
});

test("timestamps that leave the latency out are not believed", () => {
  const clock = new OutputClock();
  for (let ms = 100; ms < 5_000; ms += STAMP_MS) {
    clock.add({ atMs: ms, contextTime: ms / 1000, seenAtMs: ms, currentTime: ms / 1000, latency: 0.1 });
  }
  expect(clock.isTrusted).toBe(false);
  expect(clock.contextTimeAt(5_000)).toBeCloseTo(4.9, 3);
});
