import { expect, test } from "bun:test";
import { gzipSync } from "bun";
import assets from "../../web/assets.js";

const PAGE_BYTES = 40 * 1024;
/** In parts that the pages load as well. */
const ELEMENT_BYTES = 22 * 1024;

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

test.each([
  ["the player page", "play.js", PAGE_BYTES],
  ["the game master's console", "dm.js", PAGE_BYTES],
  ["the element for pages of others", "bardcast-player.js", ELEMENT_BYTES],
])(
  "%s has scripts of at most so many KB gzipped: %s; what is loaded on demand is not counted",
  (_, entry, bytes) => {
    const names = [...loadedWith(entry)];
    const scripts = names
      .map((name) => assets[name])
      .filter((asset) => asset !== undefined && "body" in asset);
    const gzipped = scripts.reduce((sum, { body }) => sum + gzipSync(body).length, 0);
    console.log(`${entry}: ${gzipped} bytes gzipped, in ${names.length} files`);
    expect(names.length).toBeGreaterThan(1);
    expect(gzipped).toBeLessThan(bytes);
  },
);
