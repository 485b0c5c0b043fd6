import { describe, expect, test } from "bun:test";
import { stat } from "node:fs/promises";
import { Glob } from "bun";
import deno from "../../deno.json" with { type: "json" };
import manifest from "../../package.json" with { type: "json" };
import { installedAlong } from "../support/installed-along.ts";
import { packed } from "../support/package.ts";
import { mustRun, ROOT, run, tool } from "../support/run.ts";

const { tarball, folder, consumer } = await packed();

describe("the manifests", () => {
  test("name the same entries for npm and for JSR", () => {
    expect(Object.keys(deno.exports)).toEqual(Object.keys(manifest.exports));
    expect(deno.version).toBe(manifest.version);
  });

  test("mean the same modules", () => {
    const built = Object.values(manifest.exports).map(({ default: path }) => path);
    const sources = Object.values(deno.exports);
    expect(built).toEqual(sources.map((path) => path.replace(/^\./, "./dist").replace(/\.ts$/, ".js")));
  });

  test("ask for the same versions of the same packages", () => {
    const wanted = { ...manifest.dependencies, ...manifest.optionalDependencies };
    const npm = Object.entries(wanted).map(([name, range]) => [name, `npm:${name}@${range}`]);
    expect(packagesOf(deno.imports)).toEqual(Object.fromEntries(npm));
  });
});

test("everything that is installed along, or for several nodes, says that it runs on the oldest Node.js that is supported", () => {
  const oldest = "20.16.0";
  expect(Bun.semver.satisfies(oldest, manifest.engines.node)).toBe(true);
  const all = installedAlong(
    Object.keys(manifest.peerDependencies).filter((name) => name.startsWith("@nats-io/")),
  );
  expect(all.length).toBeGreaterThan(10);
  const wanting = all.filter(
    ([, { engines }]) => engines?.node && !Bun.semver.satisfies(oldest, engines.node),
  );
  expect(wanting).toEqual([]);
});

/** What an import map takes from npm. */
function packagesOf(imports: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(imports).filter(([, target]) => target.startsWith("npm:")));
}

describe("the tarball", () => {
  test("holds modules, declarations and the pages, and nothing else", async () => {
    const files = (await Array.fromAsync(new Glob("**/*").scan({ cwd: folder, dot: true }))).sort();
    const kinds = /^dist\/(src|workers)\/.*\.(js|d\.ts)$|^dist\/web\/assets\.(js|d\.ts)$/;
    expect(files.filter((file) => !kinds.test(file))).toEqual(["LICENSE", "README.md", "package.json"]);
    expect(files.filter((file) => /^dist\/src\/web\/|test/.test(file))).toEqual([]);
  });

  test("names files beside its own in a way that bundlers know, wherever a line ends", async () => {
    const files = await Array.fromAsync(new Glob("dist/**/*.js").scan({ cwd: folder }));
    const texts = await Promise.all(files.map((file) => Bun.file(`${folder}/${file}`).text()));
    const named = texts.flatMap((text) => text.match(/new\s+URL\(\s*"[^"]*"\s*,[\s\w.]*\)/g) ?? []);
    expect(named.length).toBeGreaterThan(4);
    for (const each of named) expect(each).toMatch(/^new URL\(\n?"[^"\n]+",\n?(import\.meta\.url|[\w.]+)\)$/);
  });

  test("holds the module of every entry and of the command", async () => {
    const paths = Object.values(manifest.exports).flatMap((entry) => Object.values(entry));
    for (const path of [...paths, ...Object.values(manifest.bin)]) {
      expect(await Bun.file(`${folder}/${path}`).exists(), path).toBe(true);
    }
  });

  test("is smaller than 560 KB without its engines, what texts are said as, its command line, its element, what speaks to NATS and the pages' codec", async () => {
    const { size } = await stat(tarball);
    const codec = await codecBytes(`${folder}/dist/web/assets.js`);
    const engines = await packedBytes("dist/src/engines");
    const spoken = await packedBytes("dist/src/core/text/spoken");
    const cli = await packedBytes("dist/src/cli");
    const element = await packedBytes("dist/src/element");
    const nats = await packedBytes("dist/src/nats");
    console.log(
      `tarball: ${kilobytes(size)} KB, of which engines ${kilobytes(engines)} KB, texts as they are said ${kilobytes(spoken)} KB, the command line ${kilobytes(cli)} KB, the element ${kilobytes(element)} KB, NATS ${kilobytes(nats)} KB, the pages' Opus decoder ${kilobytes(codec)} KB`,
    );
    expect(size - codec - engines - spoken - cli - element - nats).toBeLessThan(560_000);
    // Twelve languages' numbers, dates, units and dice.
    expect(spoken).toBeLessThan(60_000);
    expect(nats).toBeLessThan(40_000);
    expect(element).toBeLessThan(10_000);
    expect(cli).toBeLessThan(40_000);
    expect(size).toBeLessThan(960_000);
  });

  test("has nothing to complain about for publint", async () => {
    const { exitCode, output } = await run([tool("publint"), "run", "--strict", tarball]);
    expect(output).toContain("All good!");
    expect(exitCode).toBe(0);
  });

  test("has types that are right for attw, in every mode that has ES modules", async () => {
    const command = [tool("attw"), "--profile", "esm-only", "--format", "ascii", "--no-color", tarball];
    const { exitCode, output } = await run(command);
    for (const key of Object.keys(manifest.exports)) {
      expect(output).toContain(`"${key.replace(".", "bardcast")}"`);
    }
    expect(exitCode, output).toBe(0);
  }, 60_000);

  describe("has declarations that a strict compiler reads", () => {
    const everywhere = ["say-and-hear.ts", "tone.ts", "page.ts", "speech.ts", "replaced.ts"];
    for (const [files, types] of [
      [everywhere, []],
      [["entry-node.ts"], ["node"]],
      [["entry-bun.ts"], ["bun"]],
    ] as const) {
      for (const resolution of [
        { module: "nodenext" },
        { module: "preserve", moduleResolution: "bundler" },
      ]) {
        const known = types[0] ?? "no runtime";
        test(`with the types of ${known}, as ${resolution.module}`, async () => {
          const strict = { strict: true, exactOptionalPropertyTypes: true, allowImportingTsExtensions: true };
          const compilerOptions = {
            ...strict,
            ...resolution,
            target: "es2022",
            lib: ["es2023", "dom", "dom.iterable"],
            types,
            noEmit: true,
          };
          const config = `${consumer}/tsconfig.json`;
          await Bun.write(config, JSON.stringify({ compilerOptions, files }));
          expect((await run([tool("tsc"), "--project", config])).output).toBe("");
        }, 30_000);
      }
    }

    test("with Deno's types", async () => {
      await mustRun([tool("deno"), "check", "--node-modules-dir=manual", "entry-deno.ts", "replaced.ts"], {
        cwd: consumer,
      });
    }, 30_000);
  });
});

test("JSR takes the package: public types need no inference, and no file is missing", async () => {
  const { exitCode, output } = await run([tool("deno"), "publish", "--dry-run", "--allow-dirty"]);
  expect(exitCode, output).toBe(0);
  const warnings = [...output.matchAll(/^(?:warning|error)\[([\w-]+)\]/gm)].map(([, code]) => code);
  // An engine of one's own is loaded from the URL it is given by; packages that are installed by hand, by name;
  // the decoders of MP3 and FLAC are kept out of bundles.
  expect(warnings).toEqual(Array(5).fill("unanalyzable-dynamic-import"));
  const files = [...output.matchAll(/^ {3}file:\/\/(\S+) \(/gm)].map(([, file]) =>
    file?.slice(ROOT.length + 1),
  );
  expect(files).toContain("web/assets.js");
  expect(
    files.filter((file) => !/^(src|workers|web)\/|^[^/]+\.(json|md)$|^LICENSE$/.test(file ?? "")),
  ).toEqual([]);
}, 60_000);

test("the command of the tarball explains itself", async () => {
  const cli = `${consumer}/node_modules/bardcast/${manifest.bin.bardcast}`;
  expect(await mustRun([process.execPath, cli, "--help"])).toContain("--port");
});

/** Compressed bytes of the asset that holds libopus, which only a listener of Opus loads. */
async function codecBytes(assets: string): Promise<number> {
  const { default: all }: { default: Record<string, { body: string }> } = await import(assets);
  const bodies = Object.values(all).map(({ body }) => body);
  const codec = bodies.find((body) => body.includes("libopus")) ?? "";
  expect(codec.length).toBeGreaterThan(100_000);
  return Bun.gzipSync(new TextEncoder().encode(codec)).length;
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1000);
}

/** What the files of a folder weigh in a tarball. */
async function packedBytes(part: string): Promise<number> {
  const tar = Bun.spawn(["tar", "--create", "--gzip", part], { cwd: folder });
  return (await new Response(tar.stdout).arrayBuffer()).byteLength;
}
