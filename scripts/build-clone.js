/**
 * Writes what a clone runs on Node.js, to `node_modules/.cache/bardcast/`: the sources as JavaScript, and the pages.
 * Nothing that only tests and checks need has to be installed.
 * @module
 */
import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = new URL("../", import.meta.url);
/** Not `dist/`, which a test or a release may be writing. */
export const BUILT = new URL("node_modules/.cache/bardcast/", ROOT);
/** As old as what was built. Older ones of Node.js see by this alone that there are ES modules beside it. */
const STAMP = new URL("package.json", BUILT);

// A table may run from there: nothing is written anew under its feet without need.
if ((await newest(["src", "workers", "scripts"])) > (await timeOf(STAMP))) await buildClone();

async function buildClone() {
  const begunAt = new Date();
  const builder = new URL("build-start.mjs", BUILT);
  const source = new URL("scripts/build-start.ts", ROOT);
  await mkdir(BUILT, { recursive: true });
  // The build is TypeScript itself, which not every Node.js reads.
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile: fileURLToPath(builder),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    define: { "import.meta.url": JSON.stringify(source.href) },
  });
  // Before anything is imported from there: that it was missing would be remembered.
  await writeFile(STAMP, '{"type":"module"}\n');
  // Until all of it is there, it is older than everything.
  await utimes(STAMP, 0, 0);
  const { buildStart } = await import(builder.href);
  await buildStart(fileURLToPath(BUILT));
  // What was changed meanwhile is newer.
  await utimes(STAMP, begunAt, begunAt);
}

/** When the newest file of some folders was changed. @param {string[]} folders */
async function newest(folders) {
  let newest = 0;
  for (const folder of folders) {
    for (const file of await readdir(new URL(folder, ROOT), { recursive: true })) {
      newest = Math.max(newest, await timeOf(new URL(`${folder}/${file}`, ROOT)));
    }
  }
  return newest;
}

/** Of a file that is not there: before all others. @param {URL} path */
function timeOf(path) {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
