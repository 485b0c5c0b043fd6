import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import { buildWeb } from "./build-web.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const WORKLET = "workers/player.worklet.ts";
/** A relative path to a module of ours, as an import or a worker's URL names it. */
const RELATIVE_TS = /(?<=["']\.{1,2}\/[^"'\n]*)\.ts(?=["'])/g;
/** A module of ours that a declaration exports from. */
const EXPORTED_PATH = /(?<=^export\s[^;]*?from ["'])\.{1,2}\/[^"'\n]*\.ts(?=["'])/gm;
/** Where a long line was broken within a string: a bundler would not know the address of a worker any more. */
const BROKEN_STRING = /(?<!\\)((?:\\\\)*)\\\n/g;
/** Or within what bundlers look for beside it. */
const BROKEN_META = /import\n?\.\n?meta\n?\.\n?url/g;
const DOCSTRING = /^ *\/\*\*[\s\S]*?\*\/\n?/gm;
const RELATIVE_TS_PATH = /(?<=["'])\.{1,2}\/[^"'\n]*\.ts(?=["'])/g;

/**
 * Writes what is published to `dist/`, a mirror of the sources: modules, declarations, and the pages. Nothing is bundled, so that every relative URL means the same from source and from `dist/`.
 * @throws Error where a module or a declaration cannot be made
 */
export async function buildDist(): Promise<void> {
  await rm(`${ROOT}dist`, { recursive: true, force: true });
  await Promise.all([modules(), worklet(), declarations(), pages()]);
}

async function modules(): Promise<void> {
  await transpile(await sources(), "dist");
}

/** What is published as it is, from the repository's root. The pages are bundled into `web/assets.js`. */
export async function sources(): Promise<string[]> {
  const found = await filesIn(["src", "workers"], ".ts");
  return found.filter((file) => !file.startsWith("src/web/") && file !== WORKLET);
}

/** Writes modules as JavaScript to a mirror of the sources. @param files and @param outdir from the repository's root */
export async function transpile(files: string[], outdir: string): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: files,
    outbase: ".",
    outdir,
    format: "esm",
    target: "es2022",
    // Names stay, and an error still points at a line that can be read: shorter ones compress worse.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 1000,
    plugins: [namesBuiltModules],
    write: false,
  });
  for (const { path, text } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text.replace(BROKEN_STRING, "$1").replace(BROKEN_META, "import.meta.url"));
  }
}

/** Bundled, because bundlers do not follow what a worklet imports. */
async function worklet(): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [WORKLET],
    outbase: ".",
    outdir: "dist",
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
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
  const entries = await entryDeclarations();
  const exported = await withAllTheyName(entries, EXPORTED_PATH);
  const wanted = await withAllTheyName(entries, RELATIVE_TS_PATH);
  for (const file of await filesIn(["dist/src", "dist/workers"], ".d.ts")) {
    const path = `${ROOT}${file}`;
    // The compiler leaves the paths in declarations as they are; not every reader of them follows it there.
    const text = wanted.has(file) ? await withBuiltNames(path) : undefined;
    if (text === undefined) await rm(path);
    // What is only led to is there for the compiler; people read what is exported.
    else await writeFile(path, exported.has(file) ? text : text.replace(DOCSTRING, ""));
  }
}

async function entryDeclarations(): Promise<string[]> {
  const { exports } = JSON.parse(await readFile(`${ROOT}package.json`, "utf8")) as {
    exports: Record<string, { types: string }>;
  };
  return Object.values(exports).map(({ types }) => normalize(types));
}

/** These declarations and all that `pathPattern` finds in them, and in those. */
async function withAllTheyName(files: readonly string[], pathPattern: RegExp): Promise<Set<string>> {
  const found = new Set(files);
  // What is found on the way is gone through as well.
  for (const file of found) {
    for (const [path] of (await readFile(`${ROOT}${file}`, "utf8")).matchAll(pathPattern)) {
      found.add(join(dirname(file), path.replace(/(\.d)?\.ts$/, ".d.ts")));
    }
  }
  return found;
}

async function pages(): Promise<void> {
  await buildWeb();
  await cp(`${ROOT}web`, `${ROOT}dist/web`, { recursive: true });
}

async function withBuiltNames(path: string): Promise<string> {
  return (await readFile(path, "utf8")).replace(RELATIVE_TS, ".js");
}

/** @param folders and what is found, from the repository's root */
async function filesIn(folders: readonly string[], ending: string): Promise<string[]> {
  const found = folders.map(async (folder) => {
    const files = await readdir(`${ROOT}${folder}`, { recursive: true });
    return files
      .filter((file) => file.endsWith(ending))
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`);
  });
  return (await Promise.all(found)).flat().sort();
}
