import { createReadStream } from "node:fs";
import { copyFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BardcastError } from "../../core/errors.ts";
import { bunzip2 } from "./archive/bunzip2.ts";
import { type UntarLimits, untar } from "./archive/untar.ts";
import {
  type CatalogueEntry,
  type CatalogueFile,
  catalogueEntry,
  type FileVersion,
  filesOf,
} from "./catalogue.ts";
import { hashFile, INDEX, publishedHash } from "./download/checksum.ts";
import { type DownloadOptions, discard, download } from "./download/download.ts";
import { ESPEAK_DATA, hasEspeakData, unpackEspeakData } from "./espeak-data.ts";
import { DOWNLOADS, exists, fillFolder, installFolder, type VoiceOrigin } from "./install-folder.ts";

export interface InstallOptions extends DownloadOptions {
  /** Folder of voices. */
  dir: string;
  /** Of the releases; an entry may have one of its own. */
  baseUrl: string;
  /** SHA-256 in hex of the archive, or of the model where there is none; replaces what the catalogue and the server say. */
  sha256?: string;
  /** Takes what nobody vouches for. */
  unverified?: boolean;
  limits?: UntarLimits;
  /** All is there and as it should be; unpacking may take a minute. */
  onUnpack?: () => void;
}

/**
 * Downloads a voice, verifies it, and unpacks it; it is there whole or not at all. What an earlier try has left is
 * gone on with.
 * @returns its folder
 * @throws BardcastError whose message says what to do; the signal's reason
 */
export function installVoice(entry: CatalogueEntry, options: InstallOptions): Promise<string> {
  return installFolder(entry.name, options, async (folder) => {
    const origin = await fetchInto(folder, entry, options);
    if (!entry.archive) await provideEspeakData(options);
    return origin;
  });
}

/**
 * eSpeak's data, which voices as the Piper project publishes them come without: what is there, else our own package's,
 * else a download. While a voice is being installed.
 * @throws BardcastError as `installVoice`
 */
export async function provideEspeakData(options: InstallOptions): Promise<void> {
  if ((await hasEspeakData(options.dir)) || (await unpackEspeakData(options.dir))) return;
  const { sha256: _ofTheVoice, ...others } = options;
  await fillFolder(ESPEAK_DATA, options, (folder) => fetchInto(folder, catalogueEntry(ESPEAK_DATA), others));
}

async function fetchInto(
  folder: string,
  entry: CatalogueEntry,
  options: InstallOptions,
): Promise<VoiceOrigin> {
  const { limits, signal, sha256 } = options;
  const [first, ...others] = filesOf(entry);
  if (!first) throw new BardcastError("not-found", `there is nothing to download for ${entry.name}`);
  const main = await fetchVerified(first, entry, options, sha256);
  const files: Fetched[] = [];
  for (const file of others) files.push(await fetchVerified(file, entry, options));
  options.onUnpack?.();
  if (entry.archive)
    await untar(bunzip2(createReadStream(main.part, signal ? { signal } : {})), folder, limits);
  else files.push(main);
  for (const { part, name } of files) await copyFile(part, join(folder, name));
  for (const { part } of [main, ...files]) await discard(part);
  return { name: entry.name, licence: entry.licence, source: main.url, sha256: main.sha256 };
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
  { baseUrl }: CatalogueEntry,
  options: InstallOptions,
  demanded?: string,
): Promise<Fetched> {
  const url = new URL(file.path, (baseUrl ?? options.baseUrl).replace(/\/?$/, "/"));
  const name = basename(url.pathname);
  const wanted =
    demanded === undefined ? await knownHashes(file, url, options) : [{ sha256: demanded.toLowerCase() }];
  const sizes = demanded === undefined && !options.unverified ? file.versions.map(({ bytes }) => bytes) : [];
  const part = join(options.dir, DOWNLOADS, `${name}.part`);
  const [known] = sizes;
  // Not every server tells how much there is of it.
  const onProgress = (bytes: number, total = known): void => options.onProgress?.(bytes, total);
  let wasBegun = await exists(part);
  for (;;) {
    await download(url, part, sizes, { ...options, onProgress });
    const sha256 = await hashFile(part);
    const md5 = wanted.some((hash) => hash.md5 !== undefined) ? await hashFile(part, "md5") : "";
    const isWanted = (hash: FileHash): boolean => hash.sha256 === sha256 || hash.md5 === md5;
    if (wanted.length === 0 || wanted.some(isWanted)) return { name, url: url.href, part, sha256 };
    await discard(part);
    if (!wasBegun) throw notAsItShouldBe(name, { sha256, md5 }, wanted);
    // Its beginning may have been that of another file.
    wasBegun = false;
  }
}

/** A hash that a file may have, in hex. */
type FileHash = Pick<FileVersion, "sha256" | "md5">;

/** What a file may be; empty where anything is taken. @throws BardcastError `not-found` where nobody knows */
async function knownHashes(
  { versions }: CatalogueFile,
  url: URL,
  { unverified, signal }: InstallOptions,
): Promise<readonly FileHash[]> {
  if (unverified) return [];
  if (versions.length > 0) return versions;
  const published = await publishedHash(url, signal);
  if (published !== undefined) return [{ sha256: published.toLowerCase() }];
  const message =
    `nobody tells the SHA-256 of ${basename(url.pathname)}: it is not among the voices of \`voices list\`, nor in ` +
    `${new URL(INDEX, url)}. Is the name right? Else pass --sha256 HEX, or --unverified`;
  throw new BardcastError("not-found", message);
}

function notAsItShouldBe(
  name: string,
  found: Required<FileHash>,
  wanted: readonly FileHash[],
): BardcastError {
  const expected = wanted.map(({ sha256, md5 }) => sha256 ?? `MD5 ${md5}`).join(" or ");
  const is = found.md5 === "" ? `SHA-256 ${found.sha256}` : `MD5 ${found.md5}`;
  const message =
    `${name} is not what it should be (${is}, expected ${expected}) and was thrown away. ` +
    "If its publisher has replaced it, pass the new one as --sha256 HEX";
  return new BardcastError("bad-request", message);
}
