/**
 * Builds what cannot be run from source: `bun scripts/build.ts web` the pages, `bun scripts/build.ts dist`
 * what is published, pages included.
 * @module
 */
import { buildDist } from "./build-dist.ts";
import { buildWeb } from "./build-web.ts";

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = { web: buildWeb, dist: buildDist };

const command = COMMANDS[process.argv[2] ?? ""];
if (command) await command();
else {
  console.error(`usage: build.ts ${Object.keys(COMMANDS).join("|")}`);
  process.exitCode = 1;
}
