import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BardcastError } from "../../core/errors.ts";
import { findSherpaModel } from "../../engines/sherpa/sherpa-model.ts";
import { ESPEAK_DATA } from "./espeak-data.ts";
import { lockInstalls } from "./install-lock.ts";
import { ORIGIN_FILE, VOICE_NAME } from "./installed-voice.ts";

/** Downloads that are not whole, and voices that are being put together, are in hidden folders. */
export const DOWNLOADS = ".downloads";
const UNPACKING = ".unpacking-";

/** What a voice is and where it is from, kept in its folder. */
export interface VoiceOrigin {
  name: string;
  licence: string;
  source: string;
  sha256: string;
}

export interface FolderOptions {
  /** Folder of voices. */
  dir: string;
  signal?: AbortSignal;
}

/**
 * Puts a voice into the folder of voices: it is there whole or not at all. What a process that was ended has left is
 * tidied up.
 * @param fill puts its files into a folder
 * @returns the voice's folder
 * @throws BardcastError `bad-request` for an impossible name, one that is taken, and what is no voice; `busy`; what `fill`
 * throws; the signal's reason
 */
export async function installFolder(
  name: string,
  options: FolderOptions,
  fill: (folder: string) => Promise<VoiceOrigin>,
): Promise<string> {
  const { dir } = options;
  if (!VOICE_NAME.test(name)) throw new BardcastError("bad-request", `"${name}" cannot be a voice's name`);
  await mkdir(join(dir, DOWNLOADS), { recursive: true });
  const unlock = await lockInstalls(join(dir, DOWNLOADS, "lock"));
  try {
    if (await exists(join(dir, name))) throw new BardcastError("bad-request", `${name} is installed already`);
    await removeLeftovers(dir);
    return await fillFolder(name, options, fill);
  } finally {
    await unlock();
  }
}

/** The same while something is being installed already: a voice may bring another folder along. */
export async function fillFolder(
  name: string,
  { dir, signal }: FolderOptions,
  fill: (folder: string) => Promise<VoiceOrigin>,
): Promise<string> {
  const target = join(dir, name);
  const folder = await mkdtemp(join(dir, UNPACKING));
  try {
    const origin = await fill(folder);
    if (name !== ESPEAK_DATA) await findSherpaModel(folder, await foldersIn(dir));
    await writeFile(join(folder, ORIGIN_FILE), `${JSON.stringify(origin, null, 2)}\n`);
    signal?.throwIfAborted();
    await rename(folder, target);
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Voices whose unpacking was ended with its process. */
async function removeLeftovers(dir: string): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.startsWith(UNPACKING));
  for (const name of names) await rm(join(dir, name), { recursive: true, force: true });
}

async function foldersIn(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => !name.startsWith(".")).map((name) => join(dir, name));
}
