import { expect, test } from "bun:test";
import { gzipSync } from "bun";
import assets from "../../web/assets.js";

const PAGE_BYTES = 40 * 1024;

/** A script's name, and those of all it imports before it runs. */
function loadedWith(name: string, known: Set<string> = new Set()): Set<string> {
  known.add(name);
  const found = assets[name];
  const script = found && "body" in found ? found.body : "";
  for (const [, imported = ""] of script.matchAll(/(?:from|import)"\.\/([\w.-]+\.js)"/g)) {
    if (!known.has(imported)) loadedWith(imported, known);
  }
  return known;
}

test("the player page's scripts are below 40 KB gzipped; what is loaded on demand is not counted", () => {
  const names = [...loadedWith("play.js")];
  const scripts = names.map((name) => assets[name]).filter((asset) => asset !== undefined && "body" in asset);
  const gzipped = scripts.reduce((sum, { body }) => sum + gzipSync(body).length, 0);
  console.log(`play.js: ${gzipped} bytes gzipped, in ${names.length} files`);
  expect(names.length).toBeGreaterThan(1);
  expect(gzipped).toBeLessThan(PAGE_BYTES);
});
