import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Whether this process may read from its terminal: one that runs in the background would be stopped by the attempt. Where
 * nobody tells, it may not.
 */
export async function isForeground(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  if (process.platform === "win32") return true;
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "pgid=,tpgid=", "-p", String(process.pid)]);
    const [own, terminals] = stdout.trim().split(/\s+/);
    return own !== undefined && own === terminals;
  } catch {
    return false;
  }
}
