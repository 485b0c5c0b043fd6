import { expect, test } from "bun:test";
import { OutputClock } from "../../../../src/client/output/in-step/output-clock.ts";
import { STAMP_MS, stampWaitMs } from "../../../../src/client/output/in-step/stamp-plan.ts";
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

/** A device whose context renders in bursts of 10 ms, and whose timestamps bend: ms by which the clock is off, each tenth of a second. */
function listened(options: {
  heldAt?: number;
  slipAt?: number;
  lies?: boolean;
  /** Timestamps without noise are another second's for a second, from then on. */
  jumpAt?: number;
  to: number;
}): number[] {
  const { heldAt = Infinity, slipAt = Infinity, lies = false, jumpAt, to } = options;
  const random = seeded(3);
  const clock = new OutputClock();
  const errors: number[] = [];
  let isHeld = false;
  for (let ms = 100, looks = 0; ms < to * 1000; ms += stampWaitMs(looks++)) {
    const contextMs = (at: number): number => at * (1 + 150e-6) - (at > slipAt * 1000 ? 7 : 0);
    const then = ms - random() * 10;
    const isAside = jumpAt !== undefined && then > jumpAt * 1000 && then < jumpAt * 1000 + 1_000;
    const noise = jumpAt === undefined ? ((then * 0.0131) % 1) * 10 : isAside ? 8 : 0;
    const bend = 3 * Math.sin((2 * Math.PI * then) / 40_000) + noise;
    clock.add({
      atMs: lies ? 0 : then,
      contextTime: (contextMs(then) - 50 + bend) / 1000,
      seenAtMs: ms,
      // Some latency that nobody has told.
      currentTime: Math.floor(contextMs(ms) / 10) / 100,
      latency: 0.04 + 0.008 * Math.floor(1.5 + 1.5 * Math.sin(ms / 9_000)),
    });
    if (!isHeld && ms >= heldAt * 1000) clock.hold();
    isHeld = ms >= heldAt * 1000;
    errors[Math.floor(ms / 100)] = clock.contextTimeAt(ms) * 1000 - contextMs(ms) + 50;
  }
  return errors;
}

const second = (at: number): number => 10 * at;
/** By how much the clock is off otherwise than when somebody listened, from one second to another. */
const moved = (all: readonly number[], at: number, [from, to]: readonly [number, number]): number =>
  quantile(
    all.slice(second(from), second(to)).map((error) => Math.abs(error - (all[second(at)] as number))),
    0.95,
  );

test("timestamps that bend move a device that was listened to by a tenth of what they move another", () => {
  const [free, held] = [listened({ to: 100 }), listened({ heldAt: 40, to: 100 })];
  expect(moved(free, 40, [40, 100])).toBeGreaterThan(2);
  expect(moved(held, 40, [40, 100])).toBeLessThan(0.3);
});

test("so does a browser that gives no timestamps and changes its mind about its latency", () => {
  const [free, held] = [listened({ lies: true, to: 100 }), listened({ lies: true, heldAt: 40, to: 100 })];
  expect(moved(free, 40, [40, 100])).toBeGreaterThan(5);
  expect(moved(held, 40, [40, 100])).toBeLessThan(0.3);
});

test("what was believed when somebody listened is believed no more once the device has slipped", () => {
  const slipped = listened({ heldAt: 40, slipAt: 60, to: 100 });
  expect(slipped.slice(second(64))).toEqual(listened({ slipAt: 60, to: 100 }).slice(second(64)));
  expect(moved(slipped, 40, [41, 60])).toBeLessThan(0.3);
});

test("timestamps alone that jump to and fro do not move a device that was listened to for longer than seconds", () => {
  const [free, held] = [listened({ jumpAt: 60, to: 100 }), listened({ jumpAt: 60, heldAt: 40, to: 100 })];
  expect(moved(free, 40, [66, 100])).toBeGreaterThan(2);
  expect(moved(held, 40, [66, 100])).toBeLessThan(0.3);
});

test("a device that was listened to before it is known how it runs goes by its timestamps", () => {
  expect(listened({ heldAt: 5, to: 30 })).toEqual(listened({ to: 30 }));
});

test("timestamps that leave the latency out are not believed", () => {
  const clock = new OutputClock();
  for (let ms = 100; ms < 5_000; ms += STAMP_MS) {
    clock.add({ atMs: ms, contextTime: ms / 1000, seenAtMs: ms, currentTime: ms / 1000, latency: 0.1 });
  }
  expect(clock.isTrusted).toBe(false);
  expect(clock.contextTimeAt(5_000)).toBeCloseTo(4.9, 3);
});
