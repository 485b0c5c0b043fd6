import type { Files } from "../../voices/files.ts";

/** What is written beside a campaign's files before it takes their place, and to see whether there is room. */
const BESIDE = /^(?:(?:state\.json|voice_registry\.yaml)?\.[0-9a-f]{8}|journal\.jsonl)\.tmp$/;

/**
 * Removes what was being written in a folder when a process was killed there; nobody else may write in it. What cannot be
 * removed stays.
 */
export async function removeLeftovers(folder: string, files: Pick<Files, "readdir" | "rm">): Promise<void> {
  const names = await files.readdir(folder).catch(() => []);
  for (const name of names)
    if (BESIDE.test(name)) await files.rm(`${folder}/${name}`, { force: true }).catch(() => undefined);
}
