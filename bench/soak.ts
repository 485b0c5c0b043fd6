/**
 * `bun bench/soak.ts [--minutes 60] [--on bun] [--round 30] [--stay 20] [--kinds 0]`: fifty listeners on both wires who
 * come and go for an hour; prints what the table holds every half minute while all have left, and by how much that grew.
 * Shorter stays (s) and rounds show sooner what grows; `--kinds 30` names the objects of which there are more at the end
 * than at the first sample. `test/bench/soak.test.ts` is the same for half a minute.
 * @module
 */
import { parseArgs } from "node:util";
import { RUNTIMES } from "./support/runtime-name.ts";
import { growthOf, type Held, slopeOf, soak } from "./support/soak.ts";

const MINUTE_MS = 60_000;
/** Before the first sample, at most: what is kept on purpose fills up, and runtimes compile. */
const WARM_MINUTES = 2;
const WARM_SHARE = 1 / 4;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    on: { type: "string", default: "bun" },
    round: { type: "string", default: "30" },
    stay: { type: "string", default: "20" },
    kinds: { type: "string", default: "0" },
  },
});
const warmMinutes = Math.min(WARM_MINUTES, Number(values.minutes) * WARM_SHARE);
const roundMs = 1000 * Number(values.round);
const minutes = Number(values.minutes);
const runtime = RUNTIMES.find((name) => name === values.on);
if (runtime === undefined || !(minutes >= 2))
  throw new RangeError("--on bun, deno or node, --minutes 2 or more");

const { held, grown, ...told } = await soak(runtime, {
  roundMs,
  warmRounds: Math.ceil((warmMinutes * MINUTE_MS) / roundMs),
  rounds: Math.ceil(((minutes - warmMinutes) * MINUTE_MS) / roundMs),
  stayMs: 1000 * Number(values.stay),
  kinds: Number(values.kinds),
  tell: (sample) => console.log(new Date().toISOString(), JSON.stringify(sample)),
});
console.log(JSON.stringify(told));
console.table(
  Object.fromEntries(
    (Object.keys(held) as (keyof Held)[]).map((key) => {
      const { before, after } = growthOf(held[key]);
      return [
        key,
        {
          before,
          after,
          ratio: after / before,
          "slope an hour": (60 * MINUTE_MS * slopeOf(held[key])) / roundMs,
        },
      ];
    }),
  ),
);
if (grown.length > 0) console.table(grown);
process.exit(0);
