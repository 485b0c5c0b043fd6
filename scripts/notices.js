/**
 * Prints what is installed along for whoever passes it on, in an image for example: each package with its licence,
 * where its source is, and its licence's text where it brings one.
 * @module
 */
import { readdir, readFile } from "node:fs/promises";

const PACKAGES = new URL("../node_modules/", import.meta.url);
const LICENCE = /^(licen[cs]e|copying|notice|third_party)/i;

for (const name of await names()) {
  const folder = new URL(`${name}/`, PACKAGES);
  const manifest = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const { version, license, repository, homepage } = manifest;
  const source = (repository?.url ?? repository ?? homepage ?? "").replace(/^git\+/, "");
  const texts = (await readdir(folder)).filter((file) => LICENCE.test(file));
  console.log(`${"=".repeat(78)}\n${name} ${version}, ${license}\n${source}\n`);
  for (const file of texts) console.log(await readFile(new URL(file, folder), "utf8"));
}

/** Packages by name; links are parts of this repository. */
async function names() {
  const found = [];
  for (const entry of await readdir(PACKAGES, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith(".")) continue;
    if (!entry.name.startsWith("@")) found.push(entry.name);
    else
      for (const inner of await readdir(new URL(entry.name, PACKAGES))) found.push(`${entry.name}/${inner}`);
  }
  return found.sort();
}
