import { expect, test } from "bun:test";
import { growthOf, type HeldSeries, soak } from "../../bench/support/soak.ts";

const MEBIBYTE = 1024 * 1024;

/** Half a minute of what `bench/soak.ts` does for an hour: what leaks with each line or each visit shows in that, too. */
test("fifty listeners who come and go leave nothing behind: memory, handles, threads and workers stay as they are", async () => {
  const { held, counts, said, problems, restarts } = await soak("bun", {
    roundMs: 1_500,
    warmRounds: 3,
    rounds: 9,
    stayMs: 500,
  });
  expect({ ...counts, problems, restarts }).toMatchObject({ errors: 0, leaks: 0, problems: 0, restarts: 0 });
  for (const [what, least] of [
    ["visits", 300],
    ["texts", 300],
    ["sounds", 300],
  ] as const)
    expect(counts[what], what).toBeGreaterThan(least);
  expect(said).toBeGreaterThan(10);
  const grown = (key: keyof HeldSeries, share: number, slack: number): void => {
    const { before, after } = growthOf(held[key]);
    expect(after, `${key}: ${held[key]}`).toBeLessThanOrEqual(before * share + slack);
  };
  grown("heap", 1.1, MEBIBYTE);
  grown("rss", 1.1, 4 * MEBIBYTE);
  // A file that is being written may be open, or not.
  grown("handles", 1, 2);
  grown("threads", 1, 1);
  expect(new Set(held.workers)).toEqual(new Set([2]));
}, 240_000);
