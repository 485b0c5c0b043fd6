/** What is known of the processes on this machine. */
export interface Processes {
  readonly pid: number;
  /** Whether there is such a process; undefined where nobody may ask. */
  isRunning(pid: number): boolean | undefined;
  /** When it was started, in the system's own count; undefined where nobody tells. */
  startOf(pid: number): Promise<string | undefined>;
}

/** A process, as it is written down for others. */
export interface ProcessMark {
  pid: number;
  /** When it started, as the system counts: a number is given to one process after another. */
  started?: string | undefined;
}

/** In Linux's `/proc/PID/stat`, counted behind the name, which may have anything in it. */
const START_FIELD = 19;

type QueryRun = (permission: { name: "run" }) => { state: string };

/** As this process sees them. */
export function ownProcess(): Processes {
  const { process } = globalThis;
  return {
    pid: process?.pid ?? 0,
    isRunning(pid) {
      if (!process?.kill || !mayAsk()) return undefined;
      try {
        return process.kill(pid, 0);
      } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : undefined;
        return code === "ESRCH" ? false : code === "EPERM" ? true : undefined;
      }
    },
    async startOf(pid) {
      if (!mayAsk()) return undefined;
      const fs = process?.getBuiltinModule?.("fs/promises");
      const stat = await fs?.readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
      return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[START_FIELD];
    },
  };
}

/** How this process is written down. */
export async function markOf({ pid, startOf }: Processes): Promise<ProcessMark> {
  const started = await startOf(pid);
  return { pid, ...(started === undefined ? {} : { started }) };
}

/** Whether that very process still runs, and not another one that was given its number; undefined where nobody may ask. */
export async function stillRuns(
  { pid, started }: ProcessMark,
  processes: Processes,
): Promise<boolean | undefined> {
  if (!(pid > 0)) return false;
  const isRunning = processes.isRunning(pid);
  if (isRunning !== true) return isRunning;
  const now = await processes.startOf(pid);
  return started === undefined || now === undefined || now === started;
}

/** Deno would ask the person at the terminal. */
function mayAsk(): boolean {
  const { Deno: deno } = globalThis as { Deno?: { permissions?: { querySync?: QueryRun } } };
  return deno === undefined || deno.permissions?.querySync?.({ name: "run" }).state === "granted";
}
