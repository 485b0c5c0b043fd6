import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ClausePlan } from "../../../src/engines/sherpa/clause-plan.ts";
import { clausesOf } from "../../../src/engines/sherpa/clauses.ts";
import { Pace } from "../../../src/engines/sherpa/pace.ts";

const MS_PER_LETTER = 70;
const LONG =
  "The old bridge creaks under your boots, and far below, in the mist, something large turns over in its sleep; " +
  "it has been waiting for a very long time, and it is hungry.";

interface Heard {
  /** ms until the first sound is given out, and until all of it is made. */
  startMs: number;
  madeMs: number;
  /** ms of silence within the sentence. */
  holeMs: number;
  parts: string[];
}

/** Speaks with a voice that is made in exactly that many ms for a ms of speech, and listens. */
function hear(text: string, rtf: number, { aheadMs = 0, whole = false, speed = 1 } = {}): Heard {
  const pace = new Pace();
  pace.note("x", { audioMs: MS_PER_LETTER, tookMs: MS_PER_LETTER * rtf, speed: 1 });
  let now = 0;
  const plan = new ClausePlan(text, { pace, speed, aheadMs, whole, now: () => now });
  const heard: Heard = { startMs: Number.NaN, madeMs: 0, holeMs: 0, parts: [] };
  let held = 0;
  let dryAt: number | undefined;
  for (let part = plan.next(); part !== undefined; part = plan.next()) {
    heard.parts.push(part);
    const lengthMs = (part.length * MS_PER_LETTER) / speed;
    now += lengthMs * rtf;
    held += lengthMs;
    plan.made(lengthMs);
    if (plan.isHeld) continue;
    if (dryAt === undefined) heard.startMs = now;
    else heard.holeMs += Math.max(0, now - dryAt);
    dryAt = Math.max(dryAt ?? Math.max(aheadMs, now), now) + held;
    held = 0;
  }
  expect(held).toBe(0);
  heard.madeMs = now;
  return heard;
}

describe("a sentence", () => {
  test("of a voice that is made quickly is spoken at once", () => {
    expect(hear(LONG, 0.03).parts).toEqual([LONG]);
    expect(hear(LONG, 5, { whole: true }).parts).toEqual([LONG]);
  });

  test("that takes long starts after its first clause, and the clauses grow", () => {
    const { startMs, madeMs, holeMs, parts } = hear(LONG, 0.4);
    expect(startMs).toBeLessThan(madeMs / 3);
    expect(holeMs).toBe(0);
    expect(parts.length).toBeWithin(2, clausesOf(LONG).length);
  });

  test("is spoken at once where listeners have enough to hear until then", () => {
    expect(hear(LONG, 0.4, { aheadMs: 10_000 }).parts).toEqual([LONG]);
  });

  test("of a voice that is made more slowly than it is heard waits as long as it must, and not until all is made", () => {
    const { startMs, madeMs, holeMs } = hear(LONG, 1.4);
    expect(holeMs).toBe(0);
    expect(startMs).toBeLessThan(madeMs);
  });

  test("has no hole and starts no later than a whole one, however slow its voice is", () => {
    const words = fc.array(fc.constantFrom("mist", "the,", "sleep;", "hungry", "bridge,", "a"), {
      minLength: 1,
      maxLength: 60,
    });
    const pace = fc.double({ min: 0.02, max: 4, noNaN: true });
    fc.assert(
      fc.property(words, pace, fc.nat(8_000), fc.constantFrom(0.5, 1, 2), (said, rtf, aheadMs, speed) => {
        const text = said.join(" ");
        const heard = hear(text, rtf, { aheadMs, speed });
        expect(heard.parts.join("")).toBe(text);
        expect(heard.holeMs).toBeLessThan(0.001);
        expect(heard.startMs).toBeLessThanOrEqual(heard.madeMs);
      }),
    );
  });
});

test.each([
  ["One, two, three.", ["One, two, three."]],
  ["He said “run as you can,” and ran as he could.", ["He said “run as you can,” ", "and ran as he could."]],
  ["What is that . . . . . . . . . . . . . . . .?", ["What is that . . . . . . . . . . . . . . . .?"]],
  ["It costs 1,000,000 pieces of gold in the town.", ["It costs 1,000,000 pieces of gold in the town."]],
  [
    "Nobody here knows — nobody ever knew the answer.",
    ["Nobody here knows — ", "nobody ever knew the answer."],
  ],
])("the clauses of %j", (text, clauses) => {
  expect(clausesOf(text)).toEqual(clauses);
});
