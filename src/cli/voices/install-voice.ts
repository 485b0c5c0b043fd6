import { createReadStream } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BardcastError } from "../../core/errors.ts";
import { findSherpaModel } from "../../engines/sherpa/sherpa-model.ts";
import { bunzip2 } from "./bunzip2.ts";
import type { CatalogueEntry, CatalogueFile } from "./catalogue.ts";
import { hashFile, INDEX, publishedHash } from "./checksum.ts";
import { type DownloadOptions, discard, download } from "./download.ts";
import { lockInstalls } from "./install-lock.ts";
import { ORIGIN_FILE, VOICE_NAME } from "./installed-voice.ts";
import { type UntarLimits, untar } from "./untar.ts";

/** Downloads that are not whole, and voices that are being unpacked, are in hidden folders. */
const DOWNLOADS = ".downloads";
const UNPACKING = ".unpacking-";

export interface InstallOptions extends DownloadOptions {
  /** Folder of voices. */
  dir: string;
  baseUrl: string;
  /** SHA-256 of the archive in hex; replaces what the catalogue and the server say. */
  sha256?: string;
  /** Takes what nobody vouches for. */
  unverified?: boolean;
  limits?: UntarLimits;
  /** All is there and as it should be; unpacking may take a minute. */
  onUnpack?: () => void;
}

/**
 * Downloads a voice, verifies it, and unpacks it; it is there whole or not at all. What an earlier try has left is
 * gone on with, or tidied up.
 * @throws BardcastError whose message says what to do; the signal's reason
 */
export async function installVoice(entry: CatalogueEntry, options: InstallOptions): Promise<string> {
  const { dir } = options;
  if (!VOICE_NAME.test(entry.name))
    throw new BardcastError("bad-request", `"${entry.name}" cannot be a voice's name`);
  const target = join(dir, entry.name);
  await mkdir(join(dir, DOWNLOADS), { recursive: true });
  const unlock = await lockInstalls(join(dir, DOWNLOADS, "lock"));
  try {
    if (await exists(target)) throw new BardcastError("bad-request", `${entry.name} is installed already`);
    await install(entry, target, options);
  } finally {
    await unlock();
  }
  return target;
}

async function install(entry: CatalogueEntry, target: string, options: InstallOptions): Promise<void> {
  const { dir, limits, signal } = options;
  const archive = await fetchVerified(entry.archive, options, options.sha256);
  const files: Fetched[] = [];
  for (const file of entry.files ?? []) files.push(await fetchVerified(file, options));
  options.onUnpack?.();
  await removeLeftovers(dir);
  const folder = await mkdtemp(join(dir, UNPACKING));
  try {
    const packed = createReadStream(archive.part, signal ? { signal } : {});
    await untar(bunzip2(packed), folder, limits);
    for (const { part, name } of files) await copyFile(part, join(folder, name));
    if (entry.family !== "data") await findSherpaModel(folder, await foldersIn(dir));
    const origin = { name: entry.name, licence: entry.licence, source: archive.url, sha256: archive.sha256 };
    await writeFile(join(folder, ORIGIN_FILE), `${JSON.stringify(origin, null, 2)}\n`);
    signal?.throwIfAborted();
    await rename(folder, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  for (const { part } of [archive, ...files]) await discard(part);
}

interface Fetched {
  name: string;
  url: string;
  /** Where it lies. */
  part: string;
  sha256: string;
}

async function fetchVerified(
  file: CatalogueFile,
  options: InstallOptions,
  demanded?: string,
): Promise<Fetched> {
  const url = new URL(file.path, options.baseUrl.replace(/\/?$/, "/"));
  const name = basename(url.pathname);
  const wanted = demanded === undefined ? await knownHashes(file, url, options) : [demanded.toLowerCase()];
  const sizes = demanded === undefined && !options.unverified ? file.versions.map(({ bytes }) => bytes) : [];
  const part = join(options.dir, DOWNLOADS, `${name}.part`);
  let wasBegun = await exists(part);
  for (;;) {
    await download(url, part, sizes, options);
    const sha256 = await hashFile(part);
    if (wanted.length === 0 || wanted.includes(sha256)) return { name, url: url.href, part, sha256 };
    await discard(part);
    if (!wasBegun) throw notAsItShouldBe(name, sha256, wanted);
    // Its beginning may have been that of another file.
    wasBegun = false;
  }
}

/** What a file may be; empty where anything is taken. @throws BardcastError `not-found` where nobody knows */
async function knownHashes(
  { versions }: CatalogueFile,
  url: URL,
  { unverified, signal }: InstallOptions,
): Promise<string[]> {
  if (unverified) return [];
  if (versions.length > 0) return versions.map(({ sha256 }) => sha256);
  const published = await publishedHash(url, signal);
  if (published !== undefined) return [published.toLowerCase()];
  const message =
    `nobody tells the SHA-256 of ${basename(url.pathname)}: it is not among the voices of \`voices list\`, nor in ` +
    `${new URL(INDEX, url)}. Is the name right? Else pass --sha256 HEX, or --unverified`;
  throw new BardcastError("not-found", message);
}

function notAsItShouldBe(name: string, sha256: string, wanted: readonly string[]): BardcastError {
  const message =
    `${name} is not what it should be (SHA-256 ${sha256}, expected ${wanted.join(" or ")}) and was thrown away. ` +
    "If its publisher has replaced it, pass the new one as --sha256 HEX";
  return new BardcastError("bad-request", message);
}

/** Voices whose unpacking was ended with its process. */
async function removeLeftovers(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.startsWith(UNPACKING));
  for (const name of names) await rm(join(dir, name), { recursive: true, force: true });
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
