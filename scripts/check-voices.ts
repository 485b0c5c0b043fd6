/**
 * Asks where the voices of the catalogue come from whether each file is there, and is what the catalogue says:
 * `bun scripts/check-voices.ts [--url URL] [--piper-url URL] [--piper NAME] [--download]`. Without `--download` it takes
 * what the servers tell: sizes, and hashes where they are published. docs/voice-sources.txt has what it said last.
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { CATALOGUE, type CatalogueFile, DEFAULT_BASE_URL, filesOf } from "../src/cli/voices/catalogue.ts";
import { hashFile, publishedHash } from "../src/cli/voices/download/checksum.ts";
import { download } from "../src/cli/voices/download/download.ts";
import { PIPER_BASE_URL, piperEntry } from "../src/cli/voices/piper-entry.ts";
import { messageOf } from "../src/core/errors.ts";

const ANSWER_MS = 20_000;

const { values } = parseArgs({
  options: {
    url: { type: "string", default: DEFAULT_BASE_URL },
    "piper-url": { type: "string", default: PIPER_BASE_URL },
    // One stands for all of them: their sizes and hashes are told by their own index.
    piper: { type: "string", default: "piper:en_GB-alba-medium" },
    download: { type: "boolean", default: false },
  },
});

/** What is wrong with a file; empty where nothing is. */
async function faultsOf(url: URL, { versions }: CatalogueFile): Promise<string[]> {
  const response = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) return [`it answers ${response.status}`];
  const faults: string[] = [];
  const bytes = Number(response.headers.get("Content-Length") ?? Number.NaN);
  const known = versions.map((version) => version.bytes);
  if (!Number.isNaN(bytes) && !known.includes(bytes))
    faults.push(`it has ${bytes} bytes, the catalogue says ${known.join(" or ")}`);
  const hashes = versions.flatMap(({ sha256, md5 }) => sha256 ?? md5 ?? []);
  const published = await publishedHash(url, AbortSignal.timeout(ANSWER_MS));
  if (published !== undefined && !hashes.includes(published))
    faults.push(`its server publishes SHA-256 ${published}, the catalogue says ${hashes.join(" or ")}`);
  return values.download ? [...faults, ...(await contentFaults(url, versions, hashes))] : faults;
}

async function contentFaults(
  url: URL,
  versions: CatalogueFile["versions"],
  hashes: readonly string[],
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "bardcast-check-"));
  try {
    const path = join(folder, basename(url.pathname));
    await download(url, path);
    const algorithm = versions.some(({ md5 }) => md5 !== undefined) ? "md5" : "sha256";
    const hash = await hashFile(path, algorithm);
    return hashes.includes(hash)
      ? []
      : [`it is ${algorithm} ${hash}, the catalogue says ${hashes.join(" or ")}`];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let wrong = 0;
let unknown = 0;

async function check(name: string, base: string, file: CatalogueFile): Promise<void> {
  const url = new URL(file.path, base.replace(/\/?$/, "/"));
  let told: string;
  try {
    const faults = await faultsOf(url, file);
    wrong += faults.length > 0 ? 1 : 0;
    told = faults.length > 0 ? `WRONG: ${faults.join("; ")}` : "as the catalogue says";
  } catch (error) {
    unknown += 1;
    told = `not checked: ${messageOf(error)}`;
  }
  console.log(`${name}\t${file.path}\t${told}`);
}

console.log(`${new Date().toISOString().slice(0, 10)}, ${values.url}, ${values["piper-url"]}`);
for (const entry of CATALOGUE) for (const file of filesOf(entry)) await check(entry.name, values.url, file);
try {
  const entry = await piperEntry(values.piper, values["piper-url"]);
  for (const file of filesOf(entry)) await check(values.piper, values["piper-url"], file);
} catch (error) {
  unknown += 1;
  console.log(`${values.piper}\tvoices.json\tnot checked: ${messageOf(error)}`);
}
console.log(`${wrong} wrong, ${unknown} not checked`);
process.exitCode = wrong > 0 ? 1 : 0;
