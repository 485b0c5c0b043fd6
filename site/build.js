/**
 * Writes the documentation as a site to `site/dist/`: the API reference from the sources' docstrings, then every page of
 * `docs/`. A dead link between pages, or in a docstring, is an error.
 * @module
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));

// A page of something that is no longer there would stay.
rmSync(fileURLToPath(new URL("../docs/api", import.meta.url)), { recursive: true, force: true });
run("typedoc", ["--logLevel", "Warn"]);
run("vitepress", ["build"]);

/** @param {string} name a command that a package brings @param {string[]} args */
function run(name, args) {
  const { status } = spawnSync("npx", ["--no-install", name, ...args], { cwd: HERE, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
