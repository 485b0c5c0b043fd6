import { readdir } from "node:fs/promises";
import { BardcastError } from "../core/errors.ts";
import { type EngineName, engineCalled, requireEquipped } from "../engines/catalogue.ts";
import { voicesDir } from "../voices/voices-dir.ts";
import { commandLine } from "./command-line.ts";

/** The engines that speak out of the box. */
export const EMBEDDED_ENGINES: readonly EngineName[] = ["espeak", "flite"];

/** How somebody gets a voice that sounds like a person. */
export const INSTALL_COMMAND: string = commandLine("voices install kitten-nano-en");

/**
 * Engines in order of preference: those asked for, the one for installed voices where there are any, and those
 * that are always there.
 * @throws BardcastError `engine-unavailable` or `bad-request` where one that was asked for lacks something that
 * does not come by waiting, saying what
 */
export async function chooseEngines(asked: readonly string[] = []): Promise<readonly EngineName[]> {
  const wanted = asked.map(engineCalled);
  const hasVoices = await hasInstalledVoices();
  if (wanted.includes("sherpa") && !hasVoices) {
    throw new BardcastError("engine-unavailable", `no voice is installed: ${INSTALL_COMMAND}`);
  }
  for (const name of wanted) await requireEquipped(name);
  if (wanted.length === 0 && !hasVoices) return EMBEDDED_ENGINES;
  return [...new Set([...wanted, ...(hasVoices ? (["sherpa"] as const) : []), ...EMBEDDED_ENGINES])];
}

async function hasInstalledVoices(): Promise<boolean> {
  const dir = voicesDir();
  const names = dir === undefined ? [] : await readdir(dir).catch(() => []);
  return names.some((name) => !name.startsWith(".") && name !== "espeak-ng-data");
}
