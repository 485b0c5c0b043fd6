import { readFile, writeFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const WEB = new URL("../src/web/", import.meta.url);
const ASSETS = new URL("../web/assets.js", import.meta.url);

const BUNDLED = ["play.tsx", "dm.tsx", "style.css"];
const COPIED = ["play.html", "dm.html", "icon.svg", "manifest.webmanifest"];

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

/** Bundles the pages into one module, `web/assets.js`, so that no runtime has to touch a file to serve them. */
export async function buildWeb(): Promise<void> {
  const files = (await Promise.all([bundled(), copied()])).flat().sort();
  const assets = files.map(([name, body]) => [name, { type: TYPES[extname(name)], body }]);
  const types = '// @ts-self-types="./assets.d.ts"';
  await writeFile(ASSETS, `${types}\nexport default ${JSON.stringify(Object.fromEntries(assets))};\n`);
}

async function bundled(): Promise<[name: string, body: string][]> {
  const { outputFiles } = await build({
    entryPoints: BUNDLED.map((name) => fileURLToPath(new URL(name, WEB))),
    outdir: fileURLToPath(WEB),
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    // What is imported on demand becomes an asset of its own, beside the page's script.
    splitting: true,
    // libopus asks for it under Node.js only.
    external: ["node:module"],
    charset: "utf8",
    target: "es2022",
    legalComments: "none",
  });
  return outputFiles.map(({ path, text }) => [basename(path), text]);
}

async function copied(): Promise<[name: string, body: string][]> {
  return Promise.all(
    COPIED.map(async (name): Promise<[string, string]> => [name, await readFile(new URL(name, WEB), "utf8")]),
  );
}
