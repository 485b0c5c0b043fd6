import { expect, test } from "bun:test";
import { probeGapMs } from "../../../src/core/clock/probe-plan.ts";
import {
  budgetLimits,
  costOf,
  MessageBudget,
  OPENING_COST,
} from "../../../src/party/access/message-budget.ts";

const LIMITS = { player: { perSecond: 10, burst: 20 }, address: { perSecond: 20, burst: 40 } };

function budget(limits = LIMITS) {
  let now = 1_000_000;
  const made = new MessageBudget(limits, () => now);
  const pay = (player: string, times: number, address?: string): (string | undefined)[] =>
    Array.from({ length: times }, () => made.pay(player, address, 1));
  return { made, pay, wait: (ms: number) => (now += ms), now: () => now };
}

const refusals = (answers: (string | undefined)[]): number => answers.filter(Boolean).length;

test("a player may say so much at once and so much a second, whatever others say", () => {
  const { pay, wait, made } = budget();
  expect(refusals(pay("thorin", 30))).toBe(10);
  expect(refusals(pay("elara", 20))).toBe(0);
  wait(500);
  expect(refusals(pay("thorin", 10))).toBe(5);
  wait(60_000);
  expect(refusals(pay("thorin", 21))).toBe(1);
  expect(made.refused).toEqual({ player: 16, address: 0 });
});

test("a wall clock that is set makes nobody rich or poor", () => {
  const { now } = Date;
  const made = new MessageBudget({ ...LIMITS, player: { perSecond: 0.001, burst: 20 } });
  try {
    for (const stepMs of [0, -3_600_000, 600_000]) {
      Date.now = () => now() + stepMs;
      for (let i = 0; i < 6; i++) expect(made.pay("thorin", undefined, 1)).toBeUndefined();
    }
    for (let i = 0; i < 2; i++) made.pay("thorin", undefined, 1);
    expect(made.pay("thorin", undefined, 1)).toBe("player");
  } finally {
    Date.now = now;
  }
});

test("an address pays for all behind it, but who asks for little is not refused for the others", () => {
  const limits = { player: { perSecond: 10, burst: 20 }, address: { perSecond: 1, burst: 30 } };
  const { pay } = budget(limits);
  expect(refusals(pay("thorin", 20, "10.0.0.1"))).toBe(0);
  expect(refusals(pay("balin", 20, "10.0.0.1"))).toBe(9);
  expect(refusals(pay("elara", 11, "10.0.0.1"))).toBe(0);
  expect(pay("elara", 1, "10.0.0.1")).toEqual(["address"]);
  expect(refusals(pay("pip", 20, "10.0.0.2"))).toBe(0);
});

test("what one player is refused costs those who share the address nothing", () => {
  const { pay } = budget();
  pay("thorin", 1_000, "10.0.0.1");
  expect(refusals(pay("elara", 20, "10.0.0.1"))).toBe(0);
});

test("a large message and a new socket cost more than a small message", () => {
  expect([costOf(40), costOf(64 * 1024), OPENING_COST]).toEqual([1, 65, 20]);
});

test("however many come and go, no more buckets are kept than so many, and who has used theirs up stays so", () => {
  const { pay, wait } = budget();
  for (let i = 0; i < 4_000; i++) pay(`p${i}`, 1);
  wait(60_000);
  pay("thorin", 21);
  for (let i = 0; i < 6_000; i++) {
    pay(`q${i}`, 1);
    if (i % 1_000 === 0) wait(200);
  }
  expect(refusals(pay("thorin", 20))).toBeGreaterThan(0);
});

/** When a device that keeps step sends something, in ms since it came: probes by their plan, and what it heard. */
function* device(untilMs: number): Generator<number, void, undefined> {
  // Three that answer each other, and as many last words as there may be.
  for (let i = 0; i < 3 + 64; i++) yield 0;
  let ms = 0;
  for (let sent = 0; ms < untilMs; sent++) {
    yield ms;
    ms += probeGapMs({ sent, ageMs: ms, deviationMs: sent < 32 ? Infinity : 10 });
  }
  for (let s = 0; s < untilMs; s += 500) yield s;
}

test("eight devices of a player at their busiest, all come at once, are never refused", () => {
  const { made, wait, now } = budget(budgetLimits(8));
  const start = now();
  const times = Array.from({ length: 8 }, () => [...device(180_000)]).flat();
  for (let i = 0; i < 8; i++) expect(made.pay("thorin", "10.0.0.1", OPENING_COST)).toBeUndefined();
  for (const at of times.sort((a, b) => a - b)) {
    wait(start + at - now());
    expect(made.pay("thorin", "10.0.0.1", 1)).toBeUndefined();
  }
});
