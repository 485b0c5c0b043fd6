import { describe, expect, test } from "bun:test";
import { dirname } from "node:path";
import type { Metafile } from "esbuild";
import { hasChromium } from "../support/browser.ts";
import { packed } from "../support/package.ts";
import { mustRun, run, tool } from "../support/run.ts";
import type { Heard } from "./apps/say-and-hear.ts";
import { heardInPage, writePage } from "./page-apps.ts";

const { consumer } = await packed();
const bundle = `${consumer}/neutral/app.js`;

/** The bytes of one clip: a WAV header, and at 24 kHz what were 1,000 samples at 8 kHz for each character. */
const CLIP_BYTES = 44 + 2 * 3 * 1000 * "The dragon roars!".length;

describe("bardcast and bardcast/client for no platform at all", () => {
  test("bundle without a shim or a runtime's name, but for libopus's own", async () => {
    const metafile = `${dirname(bundle)}/meta.json`;
    // A neutral bundle looks at no field by itself; this is the one of packages that are ES modules.
    // libopus asks for `node:module` where it finds itself on Node.js, which a bundler cannot know.
    const options = [
      "--platform=neutral",
      "--main-fields=module",
      "--external:node:module",
      "--format=esm",
      `--metafile=${metafile}`,
    ];
    const command = [tool("esbuild"), "neutral.ts", "--bundle", `--outfile=${bundle}`, ...options];
    const { exitCode, output } = await run([...command, "--log-level=warning"], { cwd: consumer });
    expect([exitCode, output]).toEqual([0, ""]);
    const meta: Metafile = await Bun.file(metafile).json();
    const inputs = Object.entries(meta.inputs).flatMap(([file, { imports }]) =>
      imports.filter(({ external }) => external).map(({ path }) => `${file.split("/").at(-1)}: ${path}`),
    );
    // An engine's package that need not be there, imported when it is asked for.
    expect(inputs.sort()).toEqual([
      "espeak-synth.js: @echogarden/espeak-ng-emscripten",
      "libopus.generated.mjs: node:module",
    ]);
    // esbuild writes the name of each file above what it took from it.
    const files = (await Bun.file(bundle).text()).split(/^ *\/\/ (?=\S+\.m?js$)/m);
    const own = files.filter((file) => !file.split("\n")[0]?.includes("libopus-wasm"));
    expect(files.length - own.length).toBe(2);
    expect(own.join("").match(/["']node:|\bBun\.\w|\bDeno\.\w|\brequire\(/g)).toBeNull();
  });

  const expectHeard = (heard: Heard): void => {
    expect(heard).toEqual({
      text: ["The dragon roars!"],
      bytes: CLIP_BYTES,
      delivered: true,
      kind: "inline",
      log: [],
    });
  };
  const print = `import ${JSON.stringify(bundle)}; console.log(JSON.stringify(await globalThis.heard));`;

  for (const [runtime, command] of [
    ["Bun", [process.execPath, "-e", print]],
    ["Node.js", ["node", "--input-type=module", "-e", print]],
    ["Deno", [tool("deno"), "run", "--no-prompt", "--no-config", "printing.js"]],
  ] as const) {
    test(`speak and hear on ${runtime}, with an engine of one's own`, async () => {
      await Bun.write(`${dirname(bundle)}/printing.js`, print);
      expectHeard(JSON.parse(await mustRun([...command], { cwd: dirname(bundle) })));
    }, 30_000);
  }

  test.skipIf(!hasChromium)(
    "speak and hear in a page",
    async () => {
      await writePage(`${dirname(bundle)}/index.html`, "./app.js");
      expectHeard(await heardInPage(dirname(bundle)));
    },
    60_000,
  );
});
