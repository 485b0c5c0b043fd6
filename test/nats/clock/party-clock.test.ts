import { expect, test } from "bun:test";
import { PartyClock } from "../../../src/nats/clock/party-clock.ts";
import { seeded } from "../../support/random.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { VirtualTime } from "../../support/virtual-time.ts";

const BURST = 8;
const PACE_MS = 5_000;
/** ms one way at least, and what queues add to it, on average. */
const WAY_MS = 0.05;
const QUEUE_MS = 0.2;

/** Nodes whose clocks are anything, and the time that each of them shows. */
class Nodes {
  readonly time = new VirtualTime();
  readonly random: () => number;
  readonly nodes: { name: string; local: VirtualClock; clock: PartyClock }[];

  constructor(seed: number, clocks: readonly { offset: number; ppm: number }[]) {
    this.random = seeded(seed);
    this.nodes = clocks.map((settings, at) => {
      const local = new VirtualClock(this.time, settings);
      return { name: `n${at}`, local, clock: new PartyClock(() => local.now) };
    });
  }

  /** All of them probe the reference once, some time later. */
  burst(reference: number): void {
    const { name, clock: answering } = this.at(reference);
    answering.lead();
    for (const { local, clock } of this.nodes) {
      if (clock === answering) continue;
      for (let probe = 0; probe < BURST; probe++) {
        this.time.in(probe * 10, () => {
          const t0 = local.now;
          this.time.in(this.way(), () => {
            const t1 = answering.now();
            this.time.in(this.way(), () => clock.learn(name, { t0, t1, t2: t1 }, local.now));
          });
        });
      }
    }
  }

  at(index: number): { name: string; local: VirtualClock; clock: PartyClock } {
    const node = this.nodes[index];
    if (!node) throw new Error("no such node");
    return node;
  }

  way(): number {
    return WAY_MS - QUEUE_MS * Math.log(1 - this.random());
  }

  /** ms between the first and the last of the times that they show at one moment. */
  spread(among: readonly number[] = this.nodes.map((_, at) => at)): number {
    const shown = among.map((at) => this.at(at).clock.now());
    return Math.max(...shown) - Math.min(...shown);
  }
}

const CLOCKS = [
  { offset: 0, ppm: 0 },
  { offset: 98_765.4, ppm: 60 },
  { offset: -5e8, ppm: -45 },
];

test("nodes whose clocks are days apart show the same time, to a part of what one way takes", () => {
  const nodes = new Nodes(1, CLOCKS);
  for (let at = 0; at < 12; at++) {
    nodes.burst(0);
    nodes.time.runUntil(nodes.time.now + PACE_MS);
  }
  const worst = Math.max(
    ...Array.from({ length: 50 }, () => {
      nodes.burst(0);
      nodes.time.runUntil(nodes.time.now + PACE_MS);
      return nodes.spread();
    }),
  );
  expect(worst).toBeLessThan(WAY_MS + QUEUE_MS);
  expect(worst).toBeGreaterThan(0);
});

test("the time goes on where the reference ends: it never steps, runs back, or runs at another pace", () => {
  const nodes = new Nodes(2, CLOCKS);
  const survivors = [1, 2];
  for (let at = 0; at < 12; at++) {
    nodes.burst(0);
    nodes.time.runUntil(nodes.time.now + PACE_MS);
  }
  const shown = survivors.map((at) => nodes.at(at).clock.now());
  const rates: number[] = [];
  for (let step = 0; step < 600; step++) {
    // The oldest is gone: the next one is what all others follow.
    if (step % 50 === 0) nodes.burst(1);
    nodes.time.runUntil(nodes.time.now + 100);
    for (const [which, at] of survivors.entries()) {
      const now = nodes.at(at).clock.now();
      rates.push((now - (shown[which] ?? 0)) / 100);
      shown[which] = now;
    }
  }
  // The reference's pace, that of a drifting clock, and what is slewed.
  expect(Math.min(...rates)).toBeGreaterThan(1 - 400e-6);
  expect(Math.max(...rates)).toBeLessThan(1 + 400e-6);
  expect(nodes.spread(survivors)).toBeLessThan(WAY_MS + QUEUE_MS);
});

test("a reference that is off by 5 ms is approached, by 0.2 ms in a second, and not jumped to", () => {
  const time = new VirtualTime();
  const clock = new PartyClock(() => time.now);
  const learn = (reference: string, ahead: number): void => {
    for (let probe = 0; probe < 32; probe++) {
      const t0 = time.now;
      time.runUntil(t0 + 0.1);
      clock.learn(reference, { t0, t1: t0 + 0.05 + ahead, t2: t0 + 0.05 + ahead }, time.now);
    }
  };
  learn("first", 1_000);
  // Before it was read it may be set to anything.
  expect(Math.abs(clock.now() - time.now - 1_000)).toBeLessThan(0.1);
  learn("second", 1_005);
  const begun = time.now;
  for (const seconds of [0, 1, 5, 10, 20]) {
    time.runUntil(begun + seconds * 1_000);
    expect(Math.abs(clock.now() - time.now - 1_000 - seconds * 0.2)).toBeLessThan(0.1);
  }
  time.runUntil(begun + 60_000);
  expect(Math.abs(clock.now() - time.now - 1_005)).toBeLessThan(0.1);
});

test("a node alone shows its own time, and one that was never set may still be set", () => {
  const nodes = new Nodes(3, CLOCKS);
  const { clock, local } = nodes.at(1);
  expect(clock.isSet).toBe(false);
  clock.lead();
  expect(clock.isSet).toBe(true);
  expect(clock.now()).toBe(local.now);
  nodes.time.runUntil(1_000);
  expect(clock.now()).toBe(local.now);
  expect(nodes.at(2).clock.isSet).toBe(false);
});
