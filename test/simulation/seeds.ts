import fc from "fast-check";
import { Evening } from "./evening.ts";
import { type Plan, plans } from "./plan.ts";
import { realNow, realTurn } from "./world/virtual-globals.ts";

let rejection: unknown;
process.on("unhandledRejection", (error) => {
  rejection ??= error;
});
process.on("uncaughtException", (error) => {
  rejection ??= error;
});

/** One evening, and whatever it leaves that nobody waits for. @throws what went wrong */
async function run(plan: Plan): Promise<string> {
  rejection = undefined;
  const history = new Evening(plan).run();
  await realTurn();
  if (rejection !== undefined) throw rejection;
  return history;
}

type Outcome = fc.RunDetails<[Plan]>;

/** Runs the evening of a seed. @param options.shrinks whether to look for a shorter one that fails, too */
function check(
  seed: number,
  options: { shrinks: boolean; each?: (plan: Plan, history: string) => void },
): Promise<Outcome> {
  const property = fc.asyncProperty(plans(seed), async (plan) => {
    const history = await run(plan);
    options.each?.(plan, history);
  });
  return fc.check(property, { seed, numRuns: 1, unbiased: true, endOnFailure: !options.shrinks });
}

/**
 * Runs evenings, until one fails: that in its shortest form.
 * @param options.isTerse tells each seed as it begins, and the first failure as it is
 * @returns the seed that fails
 */
export async function runSeeds(
  from: number,
  count: number,
  { isTerse = false }: { isTerse?: boolean } = {},
): Promise<number | undefined> {
  const since = realNow();
  let hashes = 0n;
  const each = (_: Plan, history: string): void => {
    hashes = Bun.hash.wyhash(history, hashes) as bigint;
  };
  for (let seed = from; seed < from + count; seed++) {
    if (isTerse) console.error(seed);
    const outcome = await check(seed, { shrinks: false, each });
    if (!outcome.failed) continue;
    console.log(`seed ${seed} fails: ${told(outcome)}`);
    if (!isTerse) tell(await check(seed, { shrinks: true }));
    return seed;
  }
  const ms = realNow() - since;
  console.log(`${count} evenings from seed ${from}: ${Math.round(ms)} ms, history ${hashes.toString(16)}`);
  return undefined;
}

function told({ errorInstance }: Outcome): string {
  return errorInstance instanceof Error ? `${errorInstance.stack}` : String(errorInstance);
}

/** Prints the shortest history that still fails. */
function tell(outcome: Outcome): void {
  if (!outcome.counterexample) return;
  console.log(`the shortest history that fails, after ${outcome.numShrinks} shrinks:`);
  print(outcome.counterexample[0]);
  console.log(told(outcome));
}

/** Runs one evening twice and tells what happens. @returns whether it goes well, and the same way */
export async function replay(seed: number): Promise<boolean> {
  const histories: string[] = [];
  const each = (plan: Plan, history: string): void => {
    if (histories.push(history) === 1) print(plan);
  };
  const outcome = await check(seed, { shrinks: false, each });
  if (outcome.failed) {
    if (outcome.counterexample) print(outcome.counterexample[0]);
    console.log(told(outcome));
    tell(await check(seed, { shrinks: true }));
    return false;
  }
  await check(seed, { shrinks: false, each });
  console.log(`history ${histories.join(", the second time ")}`);
  return histories[0] === histories[1];
}

function print({ acts, ...rest }: Plan): void {
  console.log(JSON.stringify(rest));
  for (const { act, thenMs } of acts) console.log(`  ${JSON.stringify(act)}, then ${thenMs} ms`);
}
