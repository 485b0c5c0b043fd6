import { expect, test } from "bun:test";
import { join } from "node:path";
import { LEAN } from "./lean.ts";

/** Others by `SEED=… bun test test/simulation`, more by `EVENINGS=…`; `bun test` gives tests no arguments. */
const [first, evenings] =
  process.env.SEED === undefined ? [1, Number(process.env.EVENINGS ?? 1_500)] : [Number(process.env.SEED), 1];
/** ms that an evening may take on a busy machine. */
const PATIENCE_MS = 400;

/** Time is virtual in a process of its own, so that no other test is in it. */
async function run(args: string[]): Promise<{ output: string; exitCode: number }> {
  const command = ["bun", join(import.meta.dir, "run.ts"), ...args];
  const { stdout, exited } = Bun.spawn(command, { env: LEAN, stdout: "pipe", stderr: "inherit" });
  return { output: await new Response(stdout).text(), exitCode: await exited };
}

test("the same seed is the same evening", async () => {
  const many = ["--from", "1", "--count", "20"];
  const [one, another] = await Promise.all([run(many), run(many)]);
  const history = /history [\da-f]+/;
  expect(one.output).toMatch(history);
  expect(one.output.match(history)).toEqual(another.output.match(history));
  const again = await run(["--seed", String(first), "--replay"]);
  expect(again.output).toContain("the second time");
  expect(again.exitCode).toBe(0);
}, 60_000);

test(
  `whatever happens in ${evenings} evenings, every promise is kept`,
  async () => {
    const half = Math.ceil(evenings / 2);
    const halves = [
      [first, half],
      [first + half, evenings - half],
    ].filter(([, count]) => count !== 0);
    const runs = halves.map(([from, count]) => run(["--from", String(from), "--count", String(count)]));
    for (const { output, exitCode } of await Promise.all(runs)) {
      if (exitCode !== 0) throw new Error(output);
    }
  },
  60_000 + evenings * PATIENCE_MS,
);
