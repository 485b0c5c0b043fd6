/**
 * Many evenings, by hand: `bun test/simulation/many.ts --from 1 --count 200000 --processes 2`. One line tells how far it is;
 * what fails is printed in its shortest form, and the rest goes on. Ended by Ctrl+C it says where to go on.
 * @module
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LEAN } from "./lean.ts";

/** Evenings of one process: one that has run for long holds more memory. */
const SHARD = 200;

const { values } = parseArgs({
  options: {
    from: { type: "string", default: "1" },
    count: { type: "string", default: "200000" },
    processes: { type: "string", default: "1" },
  },
});
const from = Number(values.from);
const end = from + Number(values.count);
const failed: number[] = [];
/** First seeds of what is under way. */
const underWay = new Set<number>();
let next = from;
let well = 0;
let isStopping = false;

process.on("SIGINT", () => {
  isStopping = true;
});
await Promise.all(Array.from({ length: Number(values.processes) }, work));
tellProgress();
const rest = Math.min(next, ...underWay);
console.log(`\n${well} evenings are well, ${failed.length} are not${failed.length > 0 ? `: ${failed}` : ""}`);
if (rest < end) console.log(`go on with --from ${rest} --count ${end - rest}`);
process.exit(failed.length === 0 ? 0 : 1);

async function work(): Promise<void> {
  while (!isStopping && next < end) {
    const first = next;
    next = Math.min(end, first + SHARD);
    underWay.add(first);
    if (await runShard(first, next)) underWay.delete(first);
    tellProgress();
  }
}

/** @returns whether all of it ran, well or not */
async function runShard(first: number, last: number): Promise<boolean> {
  for (let seed = first; seed < last; ) {
    const count = last - seed;
    const command = ["bun", join(import.meta.dir, "run.ts"), "--from", `${seed}`, "--count", `${count}`];
    const run = Bun.spawn(command, { env: LEAN, stdout: "pipe", stderr: "pipe" });
    const [output, errors] = await Promise.all(
      [run.stdout, run.stderr].map((out) => new Response(out).text()),
    );
    if ((await run.exited) === 0) {
      well += count;
      return true;
    }
    if (isStopping) return false;
    const [, digits] = /^seed (\d+) fails/m.exec(output ?? "") ?? [];
    // What does not even say which seed fails is no evening that fails.
    if (digits === undefined) throw new Error(`${command.join(" ")}: ${output}${errors}`);
    failed.push(Number(digits));
    well += Number(digits) - seed;
    console.log(`\n${output}`);
    seed = Number(digits) + 1;
  }
  return true;
}

function tellProgress(): void {
  process.stderr.write(`\r${well + failed.length} of ${end - from} evenings, ${failed.length} failed `);
}
