import { readFile, writeFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const WEB = new URL("../src/web/", import.meta.url);
const ASSETS = new URL("../web/assets.js", import.meta.url);

/** Modules that share what they have in common, and where they are served. */
const BUNDLED: Readonly<Record<string, string>> = {
  play: "play.tsx",
  dm: "dm.tsx",
  style: "style.css",
  console: "console.css",
  listener: "../../workers/listener.ts",
};
/** Loaded where modules cannot import each other. */
const ALONE: Readonly<Record<string, string>> = { "player.worklet": "../../workers/player.worklet.ts" };
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
  const files = (await Promise.all([bundled(BUNDLED, true), bundled(ALONE, false), copied()])).flat().sort();
  const assets = files.map(([name, body]) => {
    const type = JSON.stringify(TYPES[extname(name)]);
    return `${JSON.stringify(name)}:{type:${type},body:${literal(body)}}`;
  });
  const types = '// @ts-self-types="./assets.d.ts"';
  await writeFile(ASSETS, `${types}\nexport default {\n${assets.join(",\n")}\n};\n`);
}

/** As a template, which takes most characters as they are: the Opus decoder's bytes would be twice as many as JSON. */
function literal(text: string): string {
  return `\`${text.replace(/[\\`\r]|\$\{/g, (found) => (found === "\r" ? "\\r" : `\\${found}`))}\``;
}

async function bundled(
  entries: Readonly<Record<string, string>>,
  splitting: boolean,
): Promise<[name: string, body: string][]> {
  const { outputFiles } = await build({
    entryPoints: Object.entries(entries).map(([out, path]) => ({
      in: fileURLToPath(new URL(path, WEB)),
      out,
    })),
    outdir: fileURLToPath(WEB),
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
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

async function copied(): Promise<[name: string, body: string][]> {
  return Promise.all(
    COPIED.map(async (name): Promise<[string, string]> => [name, await readFile(new URL(name, WEB), "utf8")]),
  );
}
