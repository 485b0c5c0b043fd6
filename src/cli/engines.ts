import { readdir } from "node:fs/promises";
import { voicesDir } from "../voices/voices-dir.ts";

/** The engines that speak out of the box. */
export const EMBEDDED_ENGINES: readonly string[] = ["espeak", "flite"];

/** Those, behind the one for installed voices where there are any. */
export async function chooseEngines(): Promise<readonly string[]> {
  const dir = voicesDir();
  const names = dir === undefined ? [] : await readdir(dir).catch(() => []);
  const hasVoices = names.some((name) => !name.startsWith(".") && name !== "espeak-ng-data");
  return hasVoices ? ["sherpa", ...EMBEDDED_ENGINES] : EMBEDDED_ENGINES;
}
