import { access, constants, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { messageOf } from "../../core/errors.ts";
import { memoryStore } from "../../voices/text-store.ts";
import { VoiceRegistry } from "../../voices/voice-registry.ts";
import { runningTable } from "../table/table-file.ts";
import type { Finding } from "./finding.ts";

/** The oldest Node.js that Bardcast runs on. */
const OLDEST_NODE = [20, 16] as const;

/** What runs this. */
export function runtimeFinding(versions: Readonly<Record<string, string | undefined>>): Finding {
  const check = "runtime";
  const { bun, deno, node = "" } = versions;
  if (bun !== undefined) return { check, state: "ok", says: `Bun ${bun}` };
  if (deno !== undefined) return { check, state: "ok", says: `Deno ${deno}` };
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  const isOld = major < oldest || (major === oldest && minor < oldestMinor);
  const says = `Node.js ${node}`;
  return isOld
    ? {
        check,
        state: "problem",
        says,
        mend: `install Node.js ${oldest}.${oldestMinor} or newer: https://nodejs.org`,
      }
    : { check, state: "ok", says };
}

/** The campaign's folder, in which nothing is changed, and the voices in it. */
export async function folderFindings(campaign: string): Promise<Finding[]> {
  const check = "campaign";
  const table = await runningTable(campaign);
  if (table)
    return [
      { check, state: "ok", says: `a table runs in ${campaign} now, at ${table.url}` },
      ...(await voiceFindings(campaign)),
    ];
  const loss = await lossIn(resolve(campaign));
  const mend = "let this user write there, or name another folder with --campaign";
  if (loss !== undefined) {
    const says = `nothing can be kept in ${campaign} (${loss}): the table would play, and forget all when it ends`;
    return [{ check, state: "note", says, mend }];
  }
  return [{ check, state: "ok", says: `${campaign} can be written` }, ...(await voiceFindings(campaign))];
}

/** Why a folder that is there cannot be written, or one that is not cannot be made. */
async function lossIn(folder: string): Promise<string | undefined> {
  try {
    const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (!found && dirname(folder) !== folder) return await lossIn(dirname(folder));
    if (!found?.isDirectory()) return `${folder} is no folder`;
    await access(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** What is wrong with the registry. */
async function voiceFindings(campaign: string): Promise<Finding[]> {
  const check = "registry";
  const path = join(campaign, "voice_registry.yaml");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return [{ check, state: "ok", says: `${path} is written at the first start` }];
  const problems: string[] = [];
  await VoiceRegistry.open(
    { ...memoryStore(text), name: path },
    { log: (problem) => problems.push(problem) },
  );
  if (problems.length === 0) return [{ check, state: "ok", says: `${path} can be read` }];
  const mend = "what is wrong is passed over until you mend it there";
  return problems.map((says): Finding => ({ check, state: "note", says, mend }));
}
