import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BardcastError, fromWire } from "../../core/errors.ts";
import { canSpawnChild } from "../../pool/child-host.ts";
import { commandLine } from "../command-line.ts";
import type { InstallEvent, TellInstall } from "./install-report.ts";

/** What Deno has to allow whoever installs. */
const DENO_ARGS = [
  "run",
  "--quiet",
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-net",
  "--allow-sys",
];
const MAIN = new URL("../main.ts", import.meta.url);

/**
 * Installs a voice in a process beside this one: unpacking takes seconds of computing, and this one has a table to serve.
 * @throws BardcastError as `installVoice`; `engine-unavailable` where no process can be started; the signal's reason
 */
export async function installBeside(
  name: string,
  { dir, tell, signal }: { dir: string; tell: TellInstall; signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  const byHand = `install it by hand: ${commandLine(`voices install ${name}`)}`;
  if (!canSpawnChild())
    throw new BardcastError("engine-unavailable", `no process can be started here; ${byHand}`);
  const runtime = process.versions.deno === undefined ? [] : DENO_ARGS;
  const args = [...runtime, fileURLToPath(MAIN), "voices", "install", name, "--json", "--dir", dir];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "ignore"],
    windowsHide: true,
  });
  makeWay(child.pid);
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  const ended = new Promise<void>((resolve) => {
    child.on("close", () => resolve());
    child.on("error", () => resolve());
  });
  let last: InstallEvent | undefined;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      last = eventIn(line) ?? last;
      if (last) tell(last);
    }
    await ended;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  signal.throwIfAborted();
  if (last?.type === "failed") throw fromWire(last.error);
  if (last?.type !== "installed")
    throw new BardcastError("internal", `the installation ended early; ${byHand}`);
}

/** What is spoken meanwhile comes first. */
function makeWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not every system or runtime lets us.
  }
}

/** Our own program writes nothing else. */
function eventIn(line: string): InstallEvent | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
