import { expect, test } from "bun:test";
import { gzipSync } from "bun";
import type { Metafile } from "esbuild";
import { packed } from "../support/package.ts";
import { mustRun, tool } from "../support/run.ts";

const { consumer } = await packed();

const CLIENT_BYTES = 15 * 1024;
test("the client is at most 15 KB gzipped; what it loads on demand is not counted", async () => {
  await Bun.write(`${consumer}/client.js`, 'export * from "bardcast/client";');
  const outdir = "out/client";
  // libopus asks for it under Node.js only.
  const external = "--external:node:module";
  const options = ["--bundle", "--minify", "--splitting", "--format=esm", external, `--outdir=${outdir}`];
  await mustRun([tool("esbuild"), "client.js", ...options, `--metafile=${outdir}/meta.json`], {
    cwd: consumer,
  });
  const meta: Metafile = await Bun.file(`${consumer}/${outdir}/meta.json`).json();
  const files = loadedWith(meta, `${outdir}/client.js`);
  const contents = await Promise.all(files.map((file) => Bun.file(`${consumer}/${file}`).bytes()));
  const minified = contents.reduce((sum, bytes) => sum + bytes.length, 0);
  const gzipped = contents.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0);
  console.log(`bardcast/client: ${gzipped} bytes gzipped, ${minified} minified`);
  expect(minified).toBeGreaterThan(5_000);
  expect(gzipped).toBeLessThanOrEqual(CLIENT_BYTES);
}, 30_000);

/** A file of a bundle and all it imports before it runs. */
function loadedWith(meta: Metafile, file: string, known: Set<string> = new Set()): string[] {
  known.add(file);
  for (const { path, kind } of meta.outputs[file]?.imports ?? []) {
    if (kind === "import-statement" && !known.has(path)) loadedWith(meta, path, known);
  }
  return [...known];
}
