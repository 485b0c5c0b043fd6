import { cp, glob, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transpile } from "../../scripts/build-dist.ts";
import type { RuntimeName } from "./runtime-name.ts";

const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
/** Under `node_modules`, from where packages are found as from the sources. */
const BUILT = "node_modules/.cache/bardcast-bench";

let built: Promise<void> | undefined;

/** Runs a file of this repository; its arguments follow. Node.js 20 reads no TypeScript, so it gets a build. */
export async function commandFor(runtime: RuntimeName, file: string): Promise<string[]> {
  if (runtime === "bun") return [process.execPath, `${ROOT}${file}.ts`];
  if (runtime === "deno")
    return [
      `${ROOT}node_modules/.bin/deno`,
      "run",
      "-A",
      "--quiet",
      "--v8-flags=--expose-gc",
      `${ROOT}${file}.ts`,
    ];
  built ??= buildForNode();
  await built;
  return ["node", "--expose-gc", `${ROOT}${BUILT}/${file}.js`];
}

async function buildForNode(): Promise<void> {
  await rm(`${ROOT}${BUILT}`, { recursive: true, force: true });
  const files = await Array.fromAsync(glob("{src,workers,bench/{programs,support}}/**/*.ts", { cwd: ROOT }));
  await transpile(
    files.filter((file) => !file.startsWith("src/web/") && !file.includes("worklet")),
    BUILT,
  );
  await cp(`${ROOT}web`, `${ROOT}${BUILT}/web`, { recursive: true });
}
