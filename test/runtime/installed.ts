import { existsSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packed } from "../support/package.ts";
import { mustRun, ROOT, tool } from "../support/run.ts";
import { denoFlags } from "./deno-flags.ts";
import type { Runtime, RuntimeName } from "./runtime.ts";

/** Runs what is published, installed into a project of somebody else. */
export async function fromPackage(name: RuntimeName, campaign: string): Promise<Runtime> {
  const project = await installed();
  const flags = denoFlags(campaign, ["node_modules/@echogarden"]);
  return {
    name,
    run: { bun: [process.execPath], deno: [tool("deno"), "run", ...flags], node: ["node"] }[name],
    cli: "node_modules/.bin/bardcast",
    campaign,
    programs: project,
    modules: { index: "bardcast", app: "bardcast/hono", adapter: `bardcast/${name}` },
    cwd: project,
  };
}

/** An empty project into which npm has installed the tarball; made once for all runtimes. */
async function installed(): Promise<string> {
  const { tarball } = await packed();
  const project = join(dirname(tarball), "project");
  if (existsSync(project)) return project;
  await mkdir(project);
  await cp(`${ROOT}/test/runtime/programs`, project, { recursive: true });
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true }));
  // A server of one's own names hono itself; neural voices want packages that nobody else does.
  const wanted = [tarball, "hono", "@hono/node-server", "sherpa-onnx-node", "sherpa-onnx"];
  const quietly = ["--no-audit", "--no-fund", "--prefer-offline"];
  await mustRun(["npm", "install", ...quietly, ...wanted], { cwd: project });
  return project;
}
