import { heapStats } from "bun:jsc";
import { expect } from "bun:test";
import fc from "fast-check";

/** Cases for each door. */
const CASES = Number(process.env.FUZZ ?? 10_000);
/** ms for which one case may keep the thread. */
const TURN_MS = 100;
/** Bytes that a heap is not measured better than. */
const SLACK_BYTES = 4 * 1024 * 1024;
const TRIES = 3;
/** In as many the heap has to grow for it to be a leak. */
const ROUNDS = 4;
/** For doors of which each case takes long: a twentieth of the cases in the check. */
export const RARE: { share: number } = { share: process.env.FUZZ === undefined ? 0.05 : 1 };

/** For a door of which each case takes some ms: a third. */
export const SLOW: { share: number } = { share: process.env.FUZZ === undefined ? 0.3 : 1 };

/** ms of the thread that a case took, without what others did meanwhile: on the machine, or compilers beside it. */
async function costOf(act: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await act();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** What stays of the heap: what was under way is over after some turns, and what a stack still held is let go. */
async function heapBytes(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES; tries++) {
    await Bun.sleep(1);
    Bun.gc(true);
    least = Math.min(least, heapStats().heapSize);
  }
  return least;
}

/**
 * Tries a door with many cases: none throws anything but what the door says, none keeps the thread for long, and
 * memory comes back.
 * @param act throws only where something is wrong
 * @param options.share of the cases, where one takes long
 * @param options.turnMs for which one case may keep the thread
 */
export async function fuzz<Case>(
  cases: fc.Arbitrary<Case>,
  act: (each: Case) => unknown,
  { share = 1, turnMs = TURN_MS }: { share?: number; turnMs?: number } = {},
): Promise<void> {
  const run = (numRuns: number): Promise<void> =>
    fc.assert(
      fc.asyncProperty(cases, async (each) => {
        let ms = await costOf(() => act(each));
        for (let tries = 1; ms > turnMs && tries < TRIES; tries++)
          ms = Math.min(ms, await costOf(() => act(each)));
        if (ms > turnMs) throw new Error(`it keeps the thread for ${ms} ms`);
      }),
      { numRuns },
    );
  const half = Math.ceil((share * CASES) / 2);
  await run(half);
  const most = (before: number): number => before * 1.1 + SLACK_BYTES;
  let before = await heapBytes();
  for (let rounds = 1; ; rounds++) {
    await run(half);
    const after = await heapBytes();
    if (after < most(before)) return;
    // What is loaded with a rare case, and then kept, makes the heap grow now and then; what is lost in each, every time.
    if (rounds === ROUNDS) expect(after).toBeLessThan(most(before));
    before = after;
  }
}

/** Bytes that begin as something known does, or not, with some of them changed. */
export function bytesLike(...known: Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const changed = fc
    .tuple(fc.constantFrom(...known), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), fc.nat())
    .map(([bytes, changes, cut]) => {
      const copy = bytes.slice();
      for (const [at, byte] of changes) copy[at % copy.length] = byte;
      return cut % 3 === 0 ? copy.subarray(0, cut % copy.length) : copy;
    });
  return fc.oneof(fc.uint8Array({ maxLength: 300 }), changed);
}

/** Values of JSON with the keys that somebody asks for, some of them as they should be. */
export function likeJson(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const any = fc.jsonValue({ maxDepth: 3 });
  const record = Object.fromEntries(
    Object.entries(fields).map(([key, right]) => [key, fc.oneof({ weight: 3, arbitrary: right }, any)]),
  );
  return fc.oneof({ weight: 6, arbitrary: fc.record(record, { requiredKeys: [] }) }, any);
}
