import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export const ESPEAK_DATA = "espeak-ng-data";

const PACKAGE = "@echogarden/espeak-ng-emscripten";
/** In the package's script, where each file stands in the one that holds them all. */
const LISTED =
  /"?filename"?:\s*"\/usr\/share\/espeak-ng-data\/([^"]+)",\s*"?start"?:\s*(\d+),\s*"?end"?:\s*(\d+)/g;
/** Files without which nothing is read. */
const NEEDED = ["phontab", "phonindex", "phondata", "intonations", "en_dict"];

/** Whether a folder of voices has eSpeak's data, by itself or in a voice. */
export async function hasEspeakData(dir: string): Promise<boolean> {
  const names: readonly string[] = await readdir(dir).catch(() => []);
  if (names.includes(ESPEAK_DATA)) return true;
  const voices = names.filter((name) => !name.startsWith("."));
  const inside = await Promise.all(voices.map((name) => readdir(join(dir, name)).catch((): string[] => [])));
  return inside.some((files) => files.includes(ESPEAK_DATA));
}

/**
 * Writes eSpeak's data into a folder of voices, out of the package with which the engine `espeak` speaks: voices as the
 * Piper project publishes them are read with it, and come without.
 * @returns false where the package is not installed, or holds it in another form
 */
export async function unpackEspeakData(dir: string): Promise<boolean> {
  const packed = await packedData();
  if (!packed) return false;
  const folder = await mkdtemp(join(dir, ".unpacking-"));
  try {
    for (const [name, bytes] of packed) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    }
    await rename(folder, join(dir, ESPEAK_DATA));
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function packedData(): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  try {
    const script = new URL(import.meta.resolve(PACKAGE));
    const data = await readFile(new URL("espeak-ng.data", script));
    const listed = (await readFile(script, "utf8")).matchAll(LISTED);
    const files = new Map(
      [...listed].map(([, name = "", start, end]) => [name, data.subarray(Number(start), Number(end))]),
    );
    return NEEDED.every((name) => files.has(name)) ? files : undefined;
  } catch {
    return undefined;
  }
}
