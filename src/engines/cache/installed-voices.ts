import { type Files, files } from "../../voices/files.ts";
import { voicesDir } from "../../voices/voices-dir.ts";
import { isEngineRef, type WrittenEngineRef } from "../catalogue.ts";
import type { TTSEngine } from "../contract/engine.ts";
import { digestOf } from "./digest.ts";

/** Files of all voices that are looked at; more than anybody installs. */
const MAX_FILES = 10_000;

/**
 * What the voices that an engine finds on this machine are made of: one that is installed again, or another with the
 * same name, is another. Which of them speaks may depend on all of them. Empty for engines that bring their voices along.
 */
export async function installedVoicesOf(engine: WrittenEngineRef | TTSEngine): Promise<string> {
  if (!isEngineRef(engine) || (typeof engine !== "string" && "module" in engine)) return "";
  const { engine: kind, options } = typeof engine === "string" ? { engine, options: undefined } : engine;
  if (kind !== "sherpa") return "";
  const dir = (options as { voicesDir?: string } | undefined)?.voicesDir ?? voicesDir();
  return dir === undefined ? "" : digestOf(JSON.stringify(await marksIn(files(), dir)));
}

/** Name, bytes and time of change of each file of each voice; a folder in a voice counts as a file. */
async function marksIn(disk: Files, dir: string): Promise<string[]> {
  const marks: string[] = [];
  for (const voice of await namesIn(disk, dir)) {
    for (const file of await namesIn(disk, `${dir}/${voice}`)) {
      const path = `${voice}/${file}`;
      const found = await disk.stat(`${dir}/${path}`).catch(() => undefined);
      if (found) marks.push(`${path} ${found.isDirectory() ? 0 : found.size} ${found.mtimeMs}`);
      if (marks.length >= MAX_FILES) return marks;
    }
  }
  return marks;
}

/** Hidden ones are voices that are still being installed. */
async function namesIn(disk: Files, dir: string): Promise<string[]> {
  const names = await disk.readdir(dir).catch(() => []);
  return names.filter((name) => !name.startsWith(".")).sort();
}
