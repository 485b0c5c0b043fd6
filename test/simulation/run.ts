/**
 * Evenings by their seeds: `bun test/simulation/run.ts --seed 4711 --replay`, `--from 1 --count 200000`.
 * @module
 */
import "./world/virtual-globals.ts";
import { loadAll } from "./load.ts";
import { parseArgs } from "node:util";

await loadAll();
const { runSeeds, replay } = await import("./seeds.ts");

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    replay: { type: "boolean", default: false },
    from: { type: "string", default: "1" },
    count: { type: "string", default: "2000" },
  },
});
const isWell =
  values.seed === undefined
    ? (await runSeeds(Number(values.from), Number(values.count))) === undefined
    : await (values.replay ? replay(Number(values.seed)) : runSeeds(Number(values.seed), 1).then((bad) => bad === undefined));
process.exit(isWell ? 0 : 1);
