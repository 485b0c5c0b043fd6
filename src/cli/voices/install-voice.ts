import { createReadStream } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BardcastError } from "../../core/errors.ts";
import { findSherpaModel } from "../../engines/sherpa-model.ts";
import { bunzip2 } from "./bunzip2.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { type DownloadOptions, download, hashFile } from "./download.ts";
import { type UntarLimits, untar } from "./untar.ts";

/** Downloads that are not whole, and voices that are being unpacked, are in hidden folders. */
const DOWNLOADS = ".downloads";
const UNPACKING = ".unpacking-";
/** Longest `checksum.txt`. */
const MAX_INDEX_CHARS = 1024 * 1024;
/** Names of voices, which are names of folders. */
const NAME = /^[\w][\w.+-]{0,100}$/;

export interface InstallOptions extends DownloadOptions {
  /** Folder of voices. */
  dir: string;
  baseUrl: string;
  /** SHA-256 of the archive in hex; replaces what the catalogue and the server say. */
  sha256?: string;
  /** Takes what nobody vouches for. */
  unverified?: boolean;
  limits?: UntarLimits;
}

/**
 * Downloads a voice, verifies it, and unpacks it; it is there whole or not at all.
 * @throws BardcastError whose message says what to do
 */
export async function installVoice(entry: CatalogueEntry, options: InstallOptions): Promise<string> {
  const { dir, limits } = options;
  if (!NAME.test(entry.name))
    throw new BardcastError("bad-request", `"${entry.name}" cannot be a voice's name`);
  const target = join(dir, entry.name);
  if (await exists(target)) throw new BardcastError("bad-request", `${entry.name} is installed already`);
  await mkdir(join(dir, DOWNLOADS), { recursive: true });
  const wanted = options.sha256 ?? entry.sha256;
  const archive = await fetchVerified(entry.archive, options, wanted);
  const files: Fetched[] = [];
  for (const path of entry.files ?? []) files.push(await fetchVerified(path, options));
  const folder = await mkdtemp(join(dir, UNPACKING));
  try {
    await untar(bunzip2(createReadStream(archive.part)), folder, limits);
    for (const { part, name } of files) await copyFile(part, join(folder, name));
    if (entry.family !== "data") await findSherpaModel(folder, await foldersIn(dir));
    const origin = { name: entry.name, licence: entry.licence, source: archive.url, sha256: archive.sha256 };
    await writeFile(join(folder, "bardcast.json"), `${JSON.stringify(origin, null, 2)}\n`);
    await rename(folder, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  for (const { part } of [archive, ...files]) await rm(part, { force: true });
  return target;
}

interface Fetched {
  name: string;
  url: string;
  /** Where it lies. */
  part: string;
  sha256: string;
}

async function fetchVerified(path: string, options: InstallOptions, known?: string): Promise<Fetched> {
  const url = new URL(path, options.baseUrl.replace(/\/?$/, "/"));
  const name = basename(url.pathname);
  const wanted = known ?? (options.unverified ? undefined : await hashFromIndex(url, name));
  const part = join(options.dir, DOWNLOADS, `${name}.part`);
  await download(url, part, options);
  const sha256 = await hashFile(part);
  if (wanted !== undefined && sha256 !== wanted.toLowerCase()) {
    await rm(part, { force: true });
    const message = `${name} is not what it should be (SHA-256 ${sha256}, expected ${wanted}); it was thrown away`;
    throw new BardcastError("bad-request", message);
  }
  return { name, url: url.href, part, sha256 };
}

/** The hash that the server's `checksum.txt`, beside the file, has for it. */
async function hashFromIndex(url: URL, name: string): Promise<string> {
  const index = new URL("checksum.txt", url);
  const response = await fetch(index).catch(() => undefined);
  const text = response?.ok ? (await response.text()).slice(0, MAX_INDEX_CHARS) : "";
  for (const line of text.split("\n")) {
    const [, hash, file] = /^([0-9a-f]{64})\s+\*?(\S+)\s*$/i.exec(line) ?? [];
    if (hash !== undefined && file === name) return hash;
  }
  const message = `${index} does not tell the SHA-256 of ${name}: pass --sha256 HEX, or --unverified`;
  throw new BardcastError("not-found", message);
}

async function foldersIn(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => !name.startsWith(".")).map((name) => join(dir, name));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
