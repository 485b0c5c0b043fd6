import { expect, test } from "bun:test";
import { gzipSync } from "bun";
import type { Metafile } from "esbuild";
import { packed } from "../support/package.ts";
import { mustRun, tool } from "../support/run.ts";

const { consumer } = await packed();

const CLIENT_BYTES = 15 * 1024;
/** The client is in it; a hook's own bytes are counted without. */
const ELEMENT_BYTES = 22 * 1024;
const HOOK_BYTES = 2 * 1024;

test("the client is at most 15 KB gzipped; what it loads on demand is not counted", async () => {
  const { gzipped, minified } = await bundled("client", 'export * from "bardcast/client";');
  console.log(`bardcast/client: ${gzipped} bytes gzipped, ${minified} minified`);
  expect(minified).toBeGreaterThan(5_000);
  expect(gzipped).toBeLessThanOrEqual(CLIENT_BYTES);
}, 30_000);

test("the element is at most 22 KB gzipped, the client in it; the hook for React at most 2 KB beside the client", async () => {
  const element = await bundled("element", 'import "bardcast/element";');
  const hook = await bundled("react", 'export * from "bardcast/react"; export * from "bardcast/client";');
  const client = await bundled("client", 'export * from "bardcast/client";');
  console.log(
    `bardcast/element: ${element.gzipped} bytes gzipped; bardcast/react: ${hook.gzipped - client.gzipped}`,
  );
  expect(element.gzipped).toBeGreaterThan(10_000);
  expect(element.gzipped).toBeLessThanOrEqual(ELEMENT_BYTES);
  expect(hook.gzipped - client.gzipped).toBeGreaterThan(200);
  expect(hook.gzipped - client.gzipped).toBeLessThanOrEqual(HOOK_BYTES);
}, 30_000);

/** The bytes that a page loads with a module, as esbuild makes them. */
async function bundled(name: string, code: string): Promise<{ gzipped: number; minified: number }> {
  await Bun.write(`${consumer}/${name}.js`, code);
  const outdir = `out/${name}`;
  // libopus asks for it under Node.js only.
  const external = "--external:node:module";
  const options = ["--bundle", "--minify", "--splitting", "--format=esm", external, `--outdir=${outdir}`];
  await mustRun([tool("esbuild"), `${name}.js`, ...options, `--metafile=${outdir}/meta.json`], {
    cwd: consumer,
  });
  const meta: Metafile = await Bun.file(`${consumer}/${outdir}/meta.json`).json();
  const files = loadedWith(meta, `${outdir}/${name}.js`);
  const contents = await Promise.all(files.map((file) => Bun.file(`${consumer}/${file}`).bytes()));
  return {
    minified: contents.reduce((sum, bytes) => sum + bytes.length, 0),
    gzipped: contents.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0),
  };
}

/** A file of a bundle and all it imports before it runs. */
function loadedWith(meta: Metafile, file: string, known: Set<string> = new Set()): string[] {
  known.add(file);
  for (const { path, kind } of meta.outputs[file]?.imports ?? []) {
    if (kind === "import-statement" && !known.has(path)) loadedWith(meta, path, known);
  }
  return [...known];
}
