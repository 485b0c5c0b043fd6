import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { messageOf } from "../../core/errors.ts";
import {
  markOf,
  ownProcess,
  type Processes,
  type ProcessMark,
  stillRuns,
} from "../../party/storage/processes.ts";
import { warn } from "../terminal.ts";

const FILE = "table.json";

/** How the table that runs in a campaign's folder is reached from this machine. */
export interface RunningTable extends ProcessMark {
  url: string;
  /** The DM's; left out where the secret is kept out of the folder. */
  token?: string | undefined;
}

const tableSchema = z.object({
  url: z.url(),
  token: z.string().optional(),
  pid: z.int().positive(),
  started: z.string().optional(),
});

/**
 * Leaves word in the folder of how to reach the table while it runs, for this user alone.
 * @returns takes it away again
 */
export async function leaveWord(
  campaign: string,
  word: Omit<RunningTable, keyof ProcessMark>,
): Promise<() => Promise<void>> {
  const path = join(campaign, FILE);
  const table: RunningTable = { ...word, ...(await markOf(ownProcess())) };
  const own = `${path}.tmp`;
  try {
    await rm(own, { force: true });
    // A new file, so that nobody who could read an old one reads this.
    await writeFile(own, `${JSON.stringify(table)}\n`, { mode: 0o600, flag: "wx" });
    await rename(own, path);
  } catch (error) {
    warn(
      `${path} cannot be written (${messageOf(error)}): other commands need --url and --token to find this table`,
    );
    return async () => undefined;
  }
  return () => takeAway(path);
}

/** Only one's own: somebody else may have made another folder there. */
async function takeAway(path: string): Promise<void> {
  const table = await read(path);
  if (table?.pid === process.pid) await rm(path, { force: true }).catch(() => undefined);
}

/** The table that runs in a folder; undefined where none does. */
export async function runningTable(
  campaign: string,
  processes: Processes = ownProcess(),
): Promise<RunningTable | undefined> {
  const table = await read(join(campaign, FILE));
  // One that was killed has left its word behind.
  return table && (await stillRuns(table, processes)) !== false ? table : undefined;
}

async function read(path: string): Promise<RunningTable | undefined> {
  try {
    return tableSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return undefined;
  }
}
