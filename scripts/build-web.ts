import { readFile, writeFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const WEB = new URL("../src/web/", import.meta.url);
const ASSETS = new URL("../web/assets.js", import.meta.url);

/** Modules that share what they have in common, and style sheets. */
const BUNDLED = [
  "play.tsx",
  "play.css",
  "dm.tsx",
  "console.css",
  "bardcast-player.ts",
  "../../workers/listener.ts",
];
/** Loaded where modules cannot import each other. */
const ALONE = [
  "../../workers/player.worklet.ts",
  "play-worker.ts",
  "ear/microphone.worklet.ts",
  "ear/hearing-worker.ts",
];
const COPIED = ["play.html", "dm.html", "icon.svg", "manifest.webmanifest"];
const PICTURES = ["icon-192.png", "icon-512.png", "icon-maskable-512.png"];

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** Bundles the pages into one module, `web/assets.js`, so that no runtime has to touch a file to serve them. */
export async function buildWeb(): Promise<void> {
  const files = await Promise.all([bundled(BUNDLED, true), bundled(ALONE, false), copied(), pictures()]);
  const assets = files
    .flat()
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, body]) => {
      const type = JSON.stringify(TYPES[extname(name)]);
      const content =
        typeof body === "string" ? `body:${literal(body)}` : `base64:${JSON.stringify(body.base64)}`;
      return `${JSON.stringify(name)}:{type:${type},${content}}`;
    });
  const types = '// @ts-self-types="./assets.d.ts"';
  await writeFile(ASSETS, `${types}\nexport default {\n${assets.join(",\n")}\n};\n`);
}

/** As a template, which takes most characters as they are: the Opus decoder's bytes would be twice as many as JSON. */
function literal(text: string): string {
  return `\`${text.replace(/[\\`\r]|\$\{/g, (found) => (found === "\r" ? "\\r" : `\\${found}`))}\``;
}

/** A file by its name; what is no text as base64. */
type Asset = [name: string, body: string | { base64: string }];

async function bundled(entries: readonly string[], splitting: boolean): Promise<Asset[]> {
  const { outputFiles } = await build({
    entryPoints: entries.map((path) => ({
      in: fileURLToPath(new URL(path, WEB)),
      out: basename(path, extname(path)),
    })),
    outdir: fileURLToPath(WEB),
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    // Where an image is built there is no tsconfig.json that says so.
    jsx: "automatic",
    jsxImportSource: "hono/jsx/dom",
    // What is imported on demand becomes an asset of its own, beside the page's script.
    splitting,
    // libopus asks for it under Node.js only.
    external: ["node:module"],
    charset: "utf8",
    target: "es2022",
    legalComments: "none",
  });
  return outputFiles.map(({ path, text }) => [basename(path), text]);
}

async function copied(): Promise<Asset[]> {
  return Promise.all(
    COPIED.map(async (name): Promise<Asset> => [name, await readFile(new URL(name, WEB), "utf8")]),
  );
}

async function pictures(): Promise<Asset[]> {
  return Promise.all(
    PICTURES.map(
      async (name): Promise<Asset> => [name, { base64: await readFile(new URL(name, WEB), "base64") }],
    ),
  );
}
