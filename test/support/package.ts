import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { mustRun, ROOT } from "./run.ts";

/** The package as it is published, and a project that has installed it. */
export interface Packed {
  tarball: string;
  /** What is in the tarball. */
  folder: string;
  /** A project outside the repository with the package and what it depends on, and the apps of the tests. */
  consumer: string;
}

declare global {
  /** Each test file has its own copy of this module: what they share is here. */
  var bardcastPackage: Promise<Packed> | undefined;
}

/** Packs and installs once for all the files of a run. */
export function packed(): Promise<Packed> {
  globalThis.bardcastPackage ??= pack();
  return globalThis.bardcastPackage;
}

/** Takes it all away again; `clean-up.ts` calls it after the last test. */
export async function removePackage(): Promise<void> {
  const { tarball } = (await globalThis.bardcastPackage) ?? {};
  if (tarball !== undefined) await rm(dirname(tarball), { recursive: true, force: true });
}

async function pack(): Promise<Packed> {
  const home = await mkdtemp(join(tmpdir(), "bardcast-package-"));
  const [folder, consumer] = [join(home, "package"), join(home, "consumer")];
  await mustRun(["npm", "pack", "--pack-destination", home], { timeoutMs: 300_000 });
  const tarball = await tarballIn(home);
  await mustRun(["tar", "-xzf", tarball, "-C", home]);
  await install(folder, consumer);
  return { tarball, folder, consumer };
}

async function tarballIn(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((each) => each.endsWith(".tgz"));
  if (name === undefined) throw new Error("npm packed nothing");
  return join(folder, name);
}

/**
 * As `npm install` would, but from what is on this disk: only what the manifest names is there, and types of
 * runtimes for whoever names those.
 */
async function install(folder: string, consumer: string): Promise<void> {
  await cp(join(ROOT, "test/package/apps"), consumer, { recursive: true });
  await writeFile(join(consumer, "package.json"), JSON.stringify({ type: "module" }));
  await cp(folder, join(consumer, "node_modules/bardcast"), { recursive: true });
  const { dependencies, optionalDependencies } = manifest;
  const types = ["@types/bun", "@types/node"];
  for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...types]) {
    const link = join(consumer, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, "node_modules", name), link);
  }
}
