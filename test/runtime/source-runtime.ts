import { fileURLToPath, pathToFileURL } from "node:url";
import type { Runtime, RuntimeName } from "./runtime.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs the sources as they are; Node.js 20 reads no TypeScript, so it gets what is published. */
export async function sourceRuntime(name: RuntimeName, campaign: string): Promise<Runtime> {
  const [folder, extension] = name === "node" ? [`${ROOT}dist/`, "js"] : [ROOT, "ts"];
  const module = (path: string) => pathToFileURL(`${folder}${path}.${extension}`).href;
  return {
    name,
    run: { bun: ["bun"], deno: ["deno", "run", ...denoFlags(campaign)], node: ["node"] }[name],
    cli: `${folder}src/cli/main.${extension}`,
    programs: `${ROOT}test/runtime/programs`,
    modules: {
      index: module("src/index"),
      app: module("src/server/app"),
      adapter: module(`src/server/${name}`),
    },
    cwd: ROOT,
  };
}

function denoFlags(campaign: string): string[] {
  return [
    "--no-prompt",
    "--allow-net",
    "--allow-env=BARDCAST_SECRET,BARDCAST_DM_TOKEN,LOG_TOKENS,LOG_STREAM",
    `--allow-read=${campaign},src,workers,web,node_modules,test/runtime/programs`,
    `--allow-write=${campaign}`,
  ];
}
