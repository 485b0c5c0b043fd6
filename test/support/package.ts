import { existsSync, rmSync } from "node:fs";
import { cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
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

const HOME = join(tmpdir(), `bardcast-package-${process.pid}`);

/** Packs and installs once for all the files of a run; it is gone when the process is. */
export async function packed(): Promise<Packed> {
  const [folder, consumer] = [join(HOME, "package"), join(HOME, "consumer")];
  if (!existsSync(consumer)) {
    process.once("exit", () => rmSync(HOME, { recursive: true, force: true }));
    await mkdir(HOME);
    await mustRun(["npm", "pack", "--pack-destination", HOME]);
    await mustRun(["tar", "-xzf", await tarballIn(HOME), "-C", HOME]);
    await install(folder, consumer);
  }
  return { tarball: await tarballIn(HOME), folder, consumer };
}

async function tarballIn(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((each) => each.endsWith(".tgz"));
  if (name === undefined) throw new Error("npm packed nothing");
  return join(folder, name);
}

/** As `npm install` would, but from what is on this disk: only what the manifest names is there,
 * and a runtime's types for whoever names those. */
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
