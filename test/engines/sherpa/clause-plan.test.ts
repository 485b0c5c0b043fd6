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

/** What a voice is like, and how it differs from that, by part: 1 is not at all. */
interface Voice {
  rtf: number;
  /** ms that any text costs, beside. */
  fixedMs?: number;
  differs?: () => number;
}

/** A voice that was measured often enough to be known. */
function known({ rtf, fixedMs = 0, differs = () => 1 }: Voice): Pace {
  const pace = new Pace();
  for (let time = 0; time < 16; time++) {
    const letters = [10, 30, 60, 110][time % 4] ?? 30;
    const audioMs = letters * MS_PER_LETTER * differs();
    pace.note("x".repeat(letters), { audioMs, tookMs: (fixedMs + audioMs * rtf) * differs(), speed: 1 });
  }
  return pace;
}

interface Listening {
  aheadMs?: number;
  whole?: boolean;
  speed?: number;
  pace?: Pace;
}

/** Speaks with a voice on a clock of its own, gives sound out when the plan says so, and listens. */
function hear(text: string, voice: Voice, listening: Listening = {}): Heard {
  const { aheadMs = 0, whole = false, speed = 1, pace = known(voice) } = listening;
  const { rtf, fixedMs = 0, differs = () => 1 } = voice;
  let now = 0;
  const plan = new ClausePlan(text, { pace, speed, aheadMs, whole, now: () => now });
  const heard: Heard = { startMs: Number.NaN, madeMs: 0, holeMs: 0, parts: [] };
  let held = 0;
  let dryAt: number | undefined;
  const giveOut = (): void => {
    if (held === 0 || plan.heldMs > 0) return;
    plan.start();
    if (dryAt === undefined) heard.startMs = now;
    else heard.holeMs += Math.max(0, now - dryAt);
    dryAt = Math.max(dryAt ?? Math.max(aheadMs, now), now) + held;
    held = 0;
  };
  for (let part = plan.next(); part !== undefined; ) {
    heard.parts.push(part);
    const audioMs = (part.length * MS_PER_LETTER * differs()) / speed;
    const tookMs = (fixedMs + audioMs * rtf) * differs();
    const madeAt = now + tookMs;
    if (now + plan.heldMs < madeAt) {
      now += plan.heldMs;
      giveOut();
    }
    now = madeAt;
    held += audioMs;
    pace.note(part, { audioMs, tookMs, speed });
    plan.made(audioMs);
    part = plan.next();
    giveOut();
  }
  expect(held).toBe(0);
  heard.madeMs = now;
  return heard;
}

/** ms until a sentence can start at the earliest, in whatever parts: each is there when those before it were heard. */
function earliestMs(text: string, { rtf, fixedMs = 0 }: Voice): number {
  const clauses = clausesOf(text);
  const starts = Array.from({ length: 2 ** (clauses.length - 1) }, (_, cuts) => {
    let [madeMs, soundMs, startMs, letters] = [0, 0, 0, 0];
    clauses.forEach((clause, index) => {
      letters += clause.length;
      if (index < clauses.length - 1 && (cuts >> index) % 2 === 0) return;
      madeMs += fixedMs + letters * MS_PER_LETTER * rtf;
      startMs = Math.max(startMs, madeMs - soundMs);
      soundMs += letters * MS_PER_LETTER;
      letters = 0;
    });
    return startMs;
  });
  return Math.min(...starts);
}

describe("a sentence", () => {
  test("of a voice that is made quickly is spoken at once", () => {
    expect(hear(LONG, { rtf: 0.02 }).parts).toEqual([LONG]);
    expect(hear(LONG, { rtf: 5 }, { whole: true }).parts).toEqual([LONG]);
  });

  test("that takes long starts after its first clause, and the clauses grow", () => {
    const { startMs, madeMs, holeMs, parts } = hear(LONG, { rtf: 0.4 });
    expect(startMs).toBeLessThan(madeMs / 3);
    expect(holeMs).toBe(0);
    expect(parts.length).toBeWithin(2, clausesOf(LONG).length);
  });

  const SLOW = [0.2, 0.9, 1.5, 2.5].flatMap((rtf) => [0, 1500].map((fixedMs) => [rtf, fixedMs] as const));

  test.each(SLOW)(
    "of a voice that takes %d times as long to make as to hear, and %d ms beside, starts as early as it can, and has no hole",
    (rtf, fixedMs) => {
      const { startMs, madeMs, holeMs } = hear(LONG, { rtf, fixedMs });
      const earliest = earliestMs(LONG, { rtf, fixedMs });
      expect(holeMs).toBe(0);
      expect(startMs).toBeWithin(earliest, Math.max(300, 1.15 * earliest));
      expect(startMs).toBeLessThan(0.9 * madeMs);
    },
  );

  test("of a voice whose clauses are never quite as expected has hardly ever a hole, and starts earlier than a whole one", () => {
    const percents = fc.sample(fc.noBias(fc.integer({ min: 85, max: 115 })), { numRuns: 8_000, seed: 16 });
    const differs = (): number => (percents.pop() ?? 100) / 100;
    for (const rtf of [0.9, 1.5, 2.5]) {
      const pace = known({ rtf, differs });
      const all = Array.from({ length: 200 }, () => hear(LONG, { rtf, differs }, { pace }));
      expect(all.filter(({ holeMs }) => holeMs > 100).length).toBeLessThan(10);
      const started = all.map(({ startMs, madeMs }) => startMs / madeMs).sort((one, other) => one - other);
      expect(started[100]).toBeLessThan(0.85);
    }
  });

  test("is spoken at once where listeners have enough to hear until then", () => {
    expect(hear(LONG, { rtf: 0.4 }, { aheadMs: 10_000 }).parts).toEqual([LONG]);
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
        const heard = hear(text, { rtf }, { aheadMs, speed });
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
