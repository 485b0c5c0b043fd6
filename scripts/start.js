/**
 * Serves a table from a clone: writes the sources as JavaScript, and starts the command line there. Nothing that only
 * tests and checks need has to be installed.
 * @module
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Not `dist/`, which a test or a release may be writing. */
const OUT = new URL("../node_modules/.cache/bardcast/", import.meta.url);
const builder = new URL("build-start.js", OUT);
const source = new URL("build-start.ts", import.meta.url);

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
const { buildStart } = await import(builder.href);
await buildStart(fileURLToPath(OUT));
await import(new URL("src/cli/main.js", OUT).href);
