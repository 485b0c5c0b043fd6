import { pathToFileURL } from "node:url";
import { packed } from "../support/package.ts";
import { ROOT, tool } from "../support/run.ts";
import { denoFlags } from "./deno-flags.ts";
import type { Runtime, RuntimeName } from "./runtime.ts";

/** Runs the sources as they are; Node.js 20 reads no TypeScript, so it gets the build beside them. */
export async function fromSource(name: RuntimeName, campaign: string): Promise<Runtime> {
  if (name === "node") await packed();
  const [folder, extension] = name === "node" ? [`${ROOT}/dist`, "js"] : [ROOT, "ts"];
  const module = (path: string): string => pathToFileURL(`${folder}/${path}.${extension}`).href;
  // What a program imports by a name it is given counts as read.
  const flags = denoFlags(campaign, ["src", "workers", "web", "node_modules/@echogarden"]);
  return {
    name,
    run: { bun: [process.execPath], deno: [tool("deno"), "run", ...flags], node: ["node"] }[name],
    cli: `${folder}/src/cli/main.${extension}`,
    campaign,
    programs: `${ROOT}/test/runtime/programs`,
    modules: {
      index: module("src/index"),
      app: module("src/server/app"),
      adapter: module(`src/server/${name}`),
    },
    cwd: ROOT,
  };
}
