import { execFile } from "node:child_process";
import { cp, glob, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import { buildWeb } from "./build-web.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const WORKLET = "workers/player.worklet.ts";
/** A relative path to a module of ours, as an import or a worker's URL names it. */
const RELATIVE_TS = /(?<=["']\.{1,2}\/[^"'\n]*)\.ts(?=["'])/g;

/**
 * Writes what is published to `dist/`, a mirror of the sources: modules with source maps, declarations, and
 * the pages. Nothing is bundled, so that every relative URL means the same from source and from `dist/`.
 * @throws Error where a module or a declaration cannot be made
 */
export async function buildDist(): Promise<void> {
  await rm(`${ROOT}dist`, { recursive: true, force: true });
  await Promise.all([modules(), worklet(), declarations(), pages()]);
}

async function modules(): Promise<void> {
  const found = await filesIn(ROOT, "{src,workers}/**/*.ts");
  // The pages are bundled into `web/assets.js`.
  await transpile(
    found.filter((file) => !file.startsWith("src/web/") && file !== WORKLET),
    "dist",
  );
}

/** Writes modules as JavaScript to a mirror of the sources. @param files and @param outdir from the repository's root */
export async function transpile(files: string[], outdir: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: files,
    outbase: ".",
    outdir,
    format: "esm",
    target: "es2022",
    sourcemap: true,
    // Whoever wants to read the sources finds them where the package comes from.
    sourcesContent: false,
    plugins: [namesBuiltModules],
  });
}

/** Bundled, because bundlers do not follow what a worklet imports. */
async function worklet(): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [WORKLET],
    outbase: ".",
    outdir: "dist",
    bundle: true,
    format: "esm",
    target: "es2022",
    sourcemap: true,
    sourcesContent: false,
  });
}

const namesBuiltModules: Plugin = {
  name: "names-built-modules",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: await withBuiltNames(path),
      loader: "ts",
    }));
  },
};

async function declarations(): Promise<void> {
  const tsc = `${ROOT}node_modules/typescript/bin/tsc`;
  await promisify(execFile)("node", [tsc, "--project", `${ROOT}tsconfig.build.json`]).catch((error) => {
    throw new Error(`no declarations:\n${error.stdout}`);
  });
  // The compiler leaves the paths in declarations as they are; not every reader of them follows it there.
  for (const file of await filesIn(`${ROOT}dist`, "**/*.d.ts")) {
    await writeFile(`${ROOT}dist/${file}`, await withBuiltNames(`${ROOT}dist/${file}`));
  }
}

async function pages(): Promise<void> {
  await buildWeb();
  await cp(`${ROOT}web`, `${ROOT}dist/web`, { recursive: true });
}

async function withBuiltNames(path: string): Promise<string> {
  return (await readFile(path, "utf8")).replace(RELATIVE_TS, ".js");
}

async function filesIn(folder: string, pattern: string): Promise<string[]> {
  return (await Array.fromAsync(glob(pattern, { cwd: folder }))).sort();
}
