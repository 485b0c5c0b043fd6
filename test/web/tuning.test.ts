import { describe, expect, test } from "bun:test";
import { Probe } from "../../src/core/dsp/probe.ts";
import { driftOf, judge, planRounds, SLOT_MS } from "../../src/web/dm/tuning/rounds.ts";
import { trimsFor } from "../../src/web/dm/tuning/trims.ts";
import { doneWords, outcomeWords } from "../../src/web/dm/tuning/tune-words.ts";
import { Hearing } from "../../src/web/ear/hearing.ts";
import { seeded } from "../support/random.ts";

describe("rounds", () => {
  test("go there and back, one device after the other", () => {
    const plan = planRounds(["a", "b", "c"], 2, 1_000);
    const order = [...plan].flatMap(([device, moments]) => moments.map((at) => [at, device] as const));
    expect(order.sort(([a], [b]) => a - b)).toEqual(
      ["a", "b", "c", "c", "b", "a"].map((device, turn) => [1_000 + turn * SLOT_MS, device]),
    );
  });

  /** Rounds of devices that are late by so much, on a microphone whose clock drifts. */
  function roundsOf(lates: readonly (readonly (number | undefined)[])[], drift: number) {
    const plan = planRounds([...lates.keys()], lates[0]?.length ?? 0, 5_000);
    return [...plan].map(([device, moments]) =>
      moments.map((momentAt, round) => {
        const late = lates[device]?.[round];
        return { momentAt, lateMs: late === undefined ? undefined : late + drift * (momentAt - 5_000) };
      }),
    );
  }

  test("agree, whatever the microphone's clock does", () => {
    const rounds = roundsOf(
      [
        [3, 3.1, 3, 3],
        [190, 190, 190.2, 190],
      ],
      2e-4,
    );
    const drift = driftOf(rounds);
    const [a, b] = rounds.map((each) => judge(each, drift, 5_000));
    if (a?.state !== "heard" || b?.state !== "heard") throw new Error("not heard");
    expect(b.lateMs - a.lateMs).toBeCloseTo(187, 0);
    expect(Math.abs(b.lateMs - a.lateMs - 187)).toBeLessThan(0.15);
    expect(b.spreadMs).toBeLessThan(0.25);
  });

  test("that differ by more than a ms are not believed, unless most agree", () => {
    const state = (lates: readonly (number | undefined)[]): string =>
      judge(roundsOf([lates], 0)[0] ?? [], 0, 5_000).state;
    expect(state([3, 5])).toBe("unsteady");
    expect(state([3, 5, 3.1, 3.2])).toBe("heard");
    expect(state([3, 5, 3.1, 8])).toBe("unsteady");
    expect(state([undefined, undefined, 3, 3.1])).toBe("heard");
    expect(state([undefined, undefined, undefined, 3])).toBe("unheard");
    expect(state([undefined, undefined])).toBe("unheard");
    expect(judge([], 0, 0).state).toBe("unheard");
  });
});

describe("trims", () => {
  test("leave the last device as it is, and have the others play as much later", () => {
    const heard = new Map([
      ["phone", { lateMs: 12, trimMs: 0 }],
      ["bluetooth", { lateMs: 152, trimMs: 0 }],
      ["tablet", { lateMs: 20, trimMs: 8 }],
    ]);
    expect([...trimsFor(heard, true)]).toEqual([
      ["phone", -140],
      ["bluetooth", 0],
      ["tablet", -124],
    ]);
  });

  test("keep to what can be set", () => {
    const heard = new Map([
      [1, { lateMs: 0, trimMs: 0 }],
      [2, { lateMs: 900, trimMs: 0 }],
    ]);
    expect(trimsFor(heard, true).get(1)).toBe(-500);
  });
});

describe("a microphone", () => {
  const RATE = 48_000;
  const PIECE = 2_048;
  const ROOT = 20;

  /** What it hears of a probe that arrives at a frame, in pieces; `lost`: those that never come. */
  function hear(probeAt: number, frames: number, lost: readonly number[] = []): Hearing {
    const hearing = new Hearing(RATE);
    const random = seeded(2);
    const probe = new Probe(ROOT).sampled(RATE);
    for (let piece = 0; piece * PIECE < frames; piece++) {
      if (lost.includes(piece)) continue;
      const frame = piece * PIECE;
      const samples = Float32Array.from(
        { length: PIECE },
        (_, i) => 0.2 * (probe[frame + i - probeAt] ?? 0) + 0.01 * (random() - 0.5),
      );
      hearing.take({ frame, samples }, 1e12 + ((frame + PIECE) * 1000) / RATE + 30 * random());
    }
    return hearing;
  }

  test("is to be relied on once it has heard for a while without a gap", () => {
    expect(hear(1e9, RATE).isSteady).toBe(false);
    expect(hear(1e9, 1.8 * RATE).isSteady).toBe(true);
    expect(hear(1e9, 1.8 * RATE, [20]).isSteady).toBe(false);
  });

  test("tells how late a probe is, but for what is the same for all", () => {
    const hearing = hear(100_000, 4 * RATE);
    const at = 1e12 + 100_000 / 48;
    expect(hearing.hasHeard(at)).toBe(true);
    expect(hearing.hasHeard(at + 2_000)).toBe(false);
    const [early, late] = [hearing.find(ROOT, at), hearing.find(ROOT, at - 300)];
    expect([early.isHeard, late.isHeard, hearing.find(ROOT + 1, at).isHeard]).toEqual([true, true, false]);
    expect(late.lateMs - early.lateMs).toBeCloseTo(300, 2);
    expect(early.lateMs).toBeWithin(-1, 31);
  });

  test("says of what it did not hear that it was not heard", () => {
    const at = 1e12 + 100_000 / 48;
    const gap = Array.from({ length: 6 }, (_, index) => 47 + index);
    expect(hear(100_000, 4 * RATE, gap).find(ROOT, at).isHeard).toBe(false);
    expect(hear(100_000, 8 * RATE).find(ROOT, at).isHeard).toBe(false);
  });
});

test("what is told of a device is what was found", () => {
  expect(outcomeWords({ name: "together", wasMs: 139.6, withinMs: 0.34 })).toBe(
    "Was 140 ms late: corrected. Heard to ±0.4 ms.",
  );
  expect(outcomeWords({ name: "together", wasMs: -0.5, withinMs: 1.2 })).toBe("Was right. Heard to ±2 ms.");
  const device = { device: 1, player: "pip" };
  const outcome = { name: "together", wasMs: 0, withinMs: 0.1 } as const;
  const others = [2, 3].map((each) => ({ ...device, device: each }));
  const [elara, thorin] = others as [typeof device, typeof device];
  const two = [
    { ...device, outcome },
    { ...elara, outcome },
  ];
  expect(doneWords([...two, { ...thorin, outcome: { name: "unheard" } }])).toBe(
    "2 of 3 devices sound together",
  );
  expect(doneWords([{ ...device, outcome: { name: "alone" } }])).toBe("No devices were put together");
  expect(doneWords([])).toBe("No device is here to be tuned");
});
