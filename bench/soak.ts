/**
 * `bun bench/soak.ts [--minutes 60] [--on bun]`: fifty listeners on both wires who come and go for an hour; prints what
 * the table holds every half minute while all have left, and by how much that grew. `test/bench/soak.test.ts` is the same for half a minute.
 * @module
 */
import { parseArgs } from "node:util";
import { RUNTIMES } from "./support/runtime-name.ts";
import { growthOf, type Held, slopeOf, soak } from "./support/soak.ts";

const MINUTE_MS = 60_000;

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "60" }, on: { type: "string", default: "bun" } },
});
const minutes = Number(values.minutes);
const runtime = RUNTIMES.find((name) => name === values.on);
if (runtime === undefined || !(minutes >= 5))
  throw new RangeError("--on bun, deno or node, --minutes 5 or more");

const { held, ...told } = await soak(runtime, {
  roundMs: MINUTE_MS / 2,
  warmRounds: 4,
  rounds: 2 * (minutes - 2),
  stayMs: 20_000,
  tell: (sample) => console.log(new Date().toISOString(), JSON.stringify(sample)),
});
console.log(JSON.stringify(told));
console.table(
  Object.fromEntries(
    (Object.keys(held) as (keyof Held)[]).map((key) => {
      const { before, after } = growthOf(held[key]);
      return [key, { before, after, ratio: after / before, "slope an hour": 120 * slopeOf(held[key]) }];
    }),
  ),
);
process.exit(0);
