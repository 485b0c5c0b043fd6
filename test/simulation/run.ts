/**
 * Evenings by their seeds: `bun test/simulation/run.ts --seed 4711 --replay` tells one, `--from 1 --count 200000` runs
 * many, until one fails.
 * @module
 */
import "./world/virtual-globals.ts";
import { parseArgs } from "node:util";
import { loadAll } from "./load.ts";

await loadAll();
const { replay, runSeeds } = await import("./seeds.ts");

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    replay: { type: "boolean", default: false },
    from: { type: "string", default: "1" },
    count: { type: "string", default: "2000" },
    /** The first failure as it is, and each seed told as it begins. */
    terse: { type: "boolean", default: false },
  },
});

async function run(): Promise<boolean> {
  const { seed, from, count, terse } = values;
  if (seed !== undefined && values.replay) return replay(Number(seed));
  const [first, many] = seed === undefined ? [from, count] : [seed, 1];
  return (await runSeeds(Number(first), Number(many), { isTerse: terse })) === undefined;
}

process.exit((await run()) ? 0 : 1);
