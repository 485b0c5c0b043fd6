/**
 * Puts each fault of the list back, one at a time, into a copy of the sources, and looks for the first evening that
 * fails: `bun test/simulation/mutations/run.ts [--count 2000] [--only NUMBER]`. By hand: it takes minutes.
 * @module
 */
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LEAN } from "../lean.ts";
import { MUTATIONS, type Mutation } from "./list.ts";

/** ms after which an evening does not end any more. */
const STANDSTILL_MS = 60_000;
const ROOT = join(import.meta.dir, "../../..");

const { values } = parseArgs({
  options: { count: { type: "string", default: "2000" }, only: { type: "string", multiple: true } },
});

let missed = 0;
for (const [number, mutation] of MUTATIONS.entries()) {
  if (values.only && !values.only.map(Number).includes(number)) continue;
  const found = await find(mutation, values.count);
  console.log(`${found ? "found " : "MISSED"} ${number}: ${mutation.name}${found ? `: ${found}` : ""}`);
  if (!found) missed += 1;
}
process.exit(missed === 0 ? 0 : 1);

/** @returns how it was found; undefined where it was not */
async function find({ from, to }: Mutation, count: string): Promise<string | undefined> {
  const copy = await mkdtemp(join(tmpdir(), "bardcast-mutation-"));
  try {
    for (const folder of ["src", "workers", "test", "web"]) {
      await cp(join(ROOT, folder), join(copy, folder), { recursive: true });
    }
    for (const file of ["package.json", "tsconfig.json"]) await cp(join(ROOT, file), join(copy, file));
    await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
    const file = await fileWith(copy, from);
    await Bun.write(
      file,
      (await Bun.file(file).text()).replace(from, () => to),
    );
    return await firstFailure(copy, count);
  } finally {
    await rm(copy, { recursive: true });
  }
}

/** @throws Error where it is not in exactly one file, once */
async function fileWith(copy: string, text: string): Promise<string> {
  const files: string[] = [];
  for await (const path of new Bun.Glob("src/**/*.ts").scan(copy)) {
    const file = join(copy, path);
    const parts = (await Bun.file(file).text()).split(text).length - 1;
    for (let part = 0; part < parts; part++) files.push(file);
  }
  const [only] = files;
  if (!only || files.length > 1) throw new Error(`${JSON.stringify(text)} stands in ${files.length} places`);
  return only;
}

async function firstFailure(copy: string, count: string): Promise<string | undefined> {
  const command = ["bun", join(copy, "test/simulation/run.ts"), "--count", count, "--terse"];
  const run = Bun.spawn(command, { cwd: copy, env: LEAN, stdout: "pipe", stderr: "pipe" });
  let begun = "";
  let isStill = false;
  const stop = (): void => {
    isStill = true;
    run.kill("SIGKILL");
  };
  let alarm = setTimeout(stop, STANDSTILL_MS);
  const output = new Response(run.stdout).text();
  for await (const line of run.stderr.pipeThrough(new TextDecoderStream())) {
    begun = line.trim().split("\n").at(-1) ?? begun;
    clearTimeout(alarm);
    alarm = setTimeout(stop, STANDSTILL_MS);
  }
  clearTimeout(alarm);
  const isWell = (await run.exited) === 0;
  if (isStill) return `seed ${begun} never ends`;
  if (isWell) return undefined;
  const told = (await output).split("\n    at ")[0]?.trim();
  if (!told) throw new Error("its evenings do not even begin");
  return told;
}
