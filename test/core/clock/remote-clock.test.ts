import { expect, test } from "bun:test";
import { RemoteClock, TRUSTED_ECHOES } from "../../../src/core/clock/remote-clock.ts";
import { ProbedClock, type ProbedClockOptions } from "../../support/probed-clock.ts";
import { seeded } from "../../support/random.ts";
import { type DelayProfile, NETWORKS } from "../../support/virtual-link.ts";

const SEEDS = 40;
const SECOND = 1_000;

/** The absolute errors, in ms, of many runs at each of these times, from the smallest to the largest. */
function errorsOf(
  options: Omit<ProbedClockOptions, "seed">,
  times: readonly number[],
  prepare: (world: ProbedClock) => void = () => undefined,
  seeds: number = SEEDS,
): number[][] {
  const errors = times.map((): number[] => []);
  for (let seed = 1; seed <= seeds; seed++) {
    const world = new ProbedClock({ seed, ...options });
    prepare(world);
    times.forEach((time, index) => {
      world.time.runUntil(time);
      errors[index]?.push(Math.abs(world.errorMs));
    });
  }
  return errors.map((each) => each.sort((a, b) => a - b));
}

function p95(sorted: readonly number[] | undefined): number {
  return sorted?.[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

/** A clock that has seen so many echoes of a perfectly regular way of 10 ms. */
function steady(echoes: number): RemoteClock {
  const clock = new RemoteClock();
  for (let at = 0; at < echoes; at++)
    clock.learn({ t0: at * 100, t1: at * 100 + 5_010, t2: at * 100 + 5_010 }, at * 100 + 20);
  return clock;
}

test.each([
  { name: "lan", limits: [0.05, 0.04, 0.02] },
  { name: "wifi", limits: [0.2, 0.15, 0.1] },
  { name: "m40", limits: [0.4, 0.25, 0.2] },
  { name: "m120", limits: [1.2, 0.5, 0.3] },
] as const)(
  "on $name, 95 of 100 clocks are good to $limits ms after 6, 30 and 60 s",
  ({ name, limits }) => {
    const times = [6 * SECOND, 30 * SECOND, 60 * SECOND];
    const errors = errorsOf({ up: NETWORKS[name] }, times, undefined, 100);
    for (const [index, limit] of limits.entries()) expect(p95(errors[index])).toBeLessThan(limit);
  },
  60_000,
);

test("after half a minute, listeners on four networks agree within half a millisecond, 95 of 100 times", () => {
  const skews: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const worlds = Object.values(NETWORKS).map(
      (up, index) => new ProbedClock({ seed: seed * 10 + index, up }),
    );
    for (let at = 30 * SECOND; at <= 60 * SECOND; at += 5 * SECOND) {
      for (const world of worlds) world.time.runUntil(at);
      const errors = worlds.map(({ errorMs }) => errorMs);
      for (const [index, one] of errors.entries()) {
        for (const other of errors.slice(index + 1)) skews.push(Math.abs(one - other));
      }
    }
  }
  expect(p95(skews.sort((a, b) => a - b))).toBeLessThan(0.35);
}, 60_000);

test.each([-100, 100])("a drift of %i ppm is found out", (ppm) => {
  for (let seed = 1; seed <= 10; seed++) {
    const world = new ProbedClock({ seed, up: NETWORKS.m40, ppm });
    world.time.runUntil(60 * SECOND);
    // A local clock that runs fast sees the remote one run slow.
    expect(Math.abs(world.clock.drift + ppm)).toBeLessThan(15);
    expect(Math.abs(world.errorMs)).toBeLessThan(0.5);
  }
});

test("half of what one way takes longer than the other is an error that nothing removes", () => {
  const down: DelayProfile = { baseMs: 10, jitterMs: 8 };
  for (let seed = 1; seed <= 10; seed++) {
    const world = new ProbedClock({ seed, up: NETWORKS.m40, down });
    world.time.runUntil(30 * SECOND);
    const fastest = { up: 40 - 20, down: 10 - 8 };
    expect(Math.abs(world.errorMs - (fastest.up - fastest.down) / 2)).toBeLessThan(0.6);
    expect(Math.abs(world.errorMs)).toBeLessThan(world.clock.uncertaintyMs(world.local.now));
  }
});

test("jitter in one direction only does not pull the estimate away from the fastest messages", () => {
  const errors = errorsOf({ up: { baseMs: 40, jitterMs: 30 }, down: { baseMs: 10, jitterMs: 0.2 } }, [
    30 * SECOND,
  ]);
  expect(p95(errors[0])).toBeLessThan(0.5);
});

test("echoes that get lost are missed by nobody", () => {
  const errors = errorsOf({ up: NETWORKS.m40 }, [30 * SECOND], ({ up, down }) => {
    up.lossShare = down.lossShare = 0.2;
  });
  expect(p95(errors[0])).toBeLessThan(0.5);
});

test("queues that fill for seconds on the way up do not shift the clock", () => {
  const errors = errorsOf({ up: NETWORKS.m40 }, [15 * SECOND, 30 * SECOND, 60 * SECOND], (world) => {
    world.time.every(100, () => {
      const queueMs = Math.max(0, 300 * Math.sin(world.time.now / 2_000));
      world.up.profile = { ...NETWORKS.m40, baseMs: NETWORKS.m40.baseMs + queueMs };
    });
  });
  expect(errors.map(p95).every((error) => error < 0.9)).toBe(true);
});

test("a connection that stalls for seconds keeps its clock", () => {
  const errors = errorsOf({ up: NETWORKS.m40 }, [22 * SECOND, 30 * SECOND], ({ time, up, down }) => {
    time.at(20 * SECOND, () => {
      up.stall(5 * SECOND);
      down.stall(5 * SECOND);
    });
  });
  expect(errors.map(p95).every((error) => error < 0.6)).toBe(true);
});

test("where all messages take equally long but for those that a stall held back, the clock is still known", () => {
  const clock = new RemoteClock();
  for (let at = 0; at < 42; at++) {
    const t0 = 2_216 + (at < 14 ? at * 12 : at < 19 ? 156 + (at - 13) * 50 : 406 + (at - 18) * 100);
    const t1 = t0 + 54;
    clock.learn({ t0, t1, t2: t1 }, at < 20 ? t0 + 108 : 6_222.6 + (at - 20) * 23);
    if (at < TRUSTED_ECHOES) continue;
    expect(clock.deviationMs(t0)).toBeLessThan(10);
    expect(Math.abs(clock.offsetMs ?? Number.NaN)).toBeLessThan(10);
  }
});

test("a local clock that stood still while the device slept is noticed with the next echo", () => {
  const errors = errorsOf({ up: NETWORKS.m40 }, [342 * SECOND, 346 * SECOND], (world) => {
    sleep(world, () => world.local.jump(-300 * SECOND));
  });
  expect(p95(errors[0])).toBeLessThan(10);
  expect(p95(errors[1])).toBeLessThan(1.5);
});

test("a local clock that ran on while the device slept is better than a new one from the start", () => {
  const asleep = errorsOf({ up: NETWORKS.m120 }, [342 * SECOND], (world) => sleep(world));
  const fresh = errorsOf({ up: NETWORKS.m120 }, [2 * SECOND]);
  expect(p95(asleep[0])).toBeLessThan(p95(fresh[0]));
});

/** From 40 s to 340 s. */
function sleep(world: ProbedClock, wake: () => void = () => undefined): void {
  world.time.at(40 * SECOND, () => {
    world.isAwake = false;
  });
  world.time.at(340 * SECOND, () => {
    world.isAwake = true;
    wake();
  });
}

test("a step starts the clock anew, and one that is trusted again has the new time", () => {
  const clock = steady(50);
  expect([clock.isTrusted, clock.resets]).toEqual([true, 0]);
  const step = (at: number) => clock.learn({ t0: at, t1: at + 9_010, t2: at + 9_010 }, at + 20);
  step(5_000);
  expect([clock.isTrusted, clock.resets, clock.deviationMs(5_020)]).toEqual([false, 1, Infinity]);
  expect(clock.remoteAt(5_020)).toBeCloseTo(14_020, 3);
  for (let more = 1; more < TRUSTED_ECHOES; more++) step(5_000 + more * 100);
  expect([clock.isTrusted, clock.resets]).toEqual([true, 1]);
});

test("after a step the drift is still known", () => {
  const clock = new RemoteClock();
  const echo = (at: number, offset: number) => {
    const remote = (at + 10) * (1 + 50e-6) + offset;
    clock.learn({ t0: at, t1: remote, t2: remote }, at + 20);
  };
  for (let at = 0; at < 60 * SECOND; at += 100) echo(at, 5_000);
  expect(Math.round(clock.drift)).toBe(50);
  echo(60 * SECOND, 9_000);
  expect([clock.resets, Math.round(clock.drift)]).toEqual([1, 50]);
});

test("a local clock that was set back starts the clock anew", () => {
  const clock = steady(50);
  clock.learn({ t0: 100, t1: 10_110, t2: 10_110 }, 120);
  expect(clock.resets).toBe(1);
  expect(clock.remoteAt(120)).toBeCloseTo(10_120, 3);
});

test("nothing is known before the first echo", () => {
  const clock = new RemoteClock();
  expect([clock.remoteAt(1), clock.localAt(1), clock.offsetMs, clock.delayMs(0.5)]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([clock.uncertaintyMs(1), clock.deviationMs(1), clock.drift, clock.isTrusted]).toEqual([
    Infinity,
    Infinity,
    0,
    false,
  ]);
});

test("one echo is enough for a first idea, and both ways of asking agree", () => {
  const clock = steady(1);
  expect(clock.offsetMs).toBeCloseTo(5_000, 3);
  expect(clock.localAt(clock.remoteAt(123) ?? 0)).toBeCloseTo(123, 6);
  expect(clock.uncertaintyMs(20)).toBeGreaterThanOrEqual(10);
});

test("stale echoes and nonsense are ignored", () => {
  const clock = steady(20);
  const before = [clock.echoes, clock.remoteAt(5_000), clock.resets];
  clock.learn({ t0: 500, t1: 99_000, t2: 99_000 }, 5_000);
  clock.learn({ t0: 5_000, t1: 10_000, t2: 10_000 }, 4_000);
  clock.learn({ t0: Number.NaN, t1: 10_000, t2: 10_000 }, 6_000);
  clock.learn({ t0: 5_000, t1: Infinity, t2: Infinity }, 6_000);
  clock.learn({ t0: 5_000, t1: 10_010, t2: 10_005 }, 6_000);
  clock.learn({ t0: 5_000, t1: 10_010, t2: 10_500 }, 5_020);
  expect([clock.echoes, clock.remoteAt(5_000), clock.resets]).toEqual(before);
});

test("the true error is within the uncertainty, and of the size of the deviation", () => {
  const gap: DelayProfile = { baseMs: 25, jitterMs: 0, queueMs: 8, spikes: { share: 0.02, upToMs: 120 } };
  let [outside, looks, squares] = [0, 0, 0];
  for (const up of [...Object.values(NETWORKS), gap]) {
    for (let seed = 1; seed <= 20; seed++) {
      const world = new ProbedClock({ seed, up });
      for (let at = 0.5 * SECOND; at < 40 * SECOND; at *= 1.5) {
        world.time.runUntil(at);
        const error = Math.abs(world.errorMs);
        looks += 1;
        if (error > world.clock.uncertaintyMs(world.local.now)) outside += 1;
        squares += Math.min(9, (error / world.clock.deviationMs(world.local.now)) ** 2);
      }
    }
  }
  expect(outside / looks).toBeLessThan(0.01);
  expect(Math.sqrt(squares / looks)).toBeWithin(0.7, 1.4);
}, 30_000);

test("what is not heard of for long becomes uncertain, because a drift does not stay the same", () => {
  const clock = steady(1_500);
  const [soon, later, much] = [150, 200, 3_600].map((at) => clock.uncertaintyMs(at * SECOND));
  expect(soon).toBeWithin(10, 10.1);
  expect(later).toBeWithin(10.1, 11);
  expect(much).toBeWithin(15, 50);
  expect(clock.deviationMs(3_600 * SECOND)).toBeWithin(5, 40);
});

test("the delay of what comes down is told by its quantiles", () => {
  const world = new ProbedClock({ seed: 3, up: NETWORKS.m120 });
  world.time.runUntil(60 * SECOND);
  const [least, median, most] = [0, 0.5, 0.99].map((quantile) => world.clock.delayMs(quantile)) as [
    number,
    number,
    number,
  ];
  expect(least).toBeWithin(79, 84);
  expect(median).toBeWithin(115, 135);
  expect(most).toBeWithin(150, 165);
});

test("an echo costs the same after hours as after minutes", () => {
  const random = seeded(1);
  const clock = new RemoteClock();
  let at = 0;
  const work = (echoes: number): number => {
    const since = performance.now();
    for (let echo = 0; echo < echoes; echo++) {
      at += 10;
      clock.learn({ t0: at, t1: at + random() * 5, t2: at + 5 }, at + 5 + random() * 5);
      clock.remoteAt(at);
    }
    return performance.now() - since;
  };
  // What else the machine does only ever adds to a time.
  const least = (): number => Math.min(...Array.from({ length: 8 }, () => work(500)));
  work(2_000);
  const early = least();
  work(40_000);
  expect(least() / early).toBeLessThan(5);
});
