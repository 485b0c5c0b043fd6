import { open, readFile, rm } from "node:fs/promises";
import { BardcastError } from "../../core/errors.ts";

/**
 * Keeps others from installing at the same time: they would write to the same files. A lock whose process is gone
 * holds nobody up.
 * @returns gives it back
 * @throws BardcastError `busy`
 */
export async function lockInstalls(path: string): Promise<() => Promise<void>> {
  if (await take(path)) return () => rm(path, { force: true });
  const holder = await readFile(path, "utf8").catch(() => "");
  if (isRunning(Number(holder))) {
    const message = `another voice is being installed (process ${holder}): wait for it, or if that is over, delete ${path}`;
    throw new BardcastError("busy", message, { retryable: true });
  }
  await rm(path, { force: true });
  return lockInstalls(path);
}

async function take(path: string): Promise<boolean> {
  const file = await open(path, "wx").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST") return undefined;
    throw error;
  });
  await file?.writeFile(String(process.pid));
  await file?.close();
  return file !== undefined;
}

function isRunning(pid: number): boolean {
  try {
    // To the group of 0 this process belongs; a lock that is just being taken has no number yet.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
