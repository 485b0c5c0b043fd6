/** What is known of the processes on this machine. */
export interface Processes {
  readonly pid: number;
  /** What this machine is called; undefined where nobody tells. */
  readonly host?: string | undefined;
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
  /** The machine that it runs on: a folder may be another one's, too. */
  host?: string | undefined;
}

/** In Linux's `/proc/PID/stat`, counted behind the name, which may have anything in it. */
const START_FIELD = 19;

type Query = (permission: { name: "run" } | { name: "sys"; kind: "hostname" }) => { state: string };

/** As this process sees them. */
export function ownProcess(): Processes {
  const { process } = globalThis;
  return {
    pid: process?.pid ?? 0,
    host: isGranted({ name: "sys", kind: "hostname" })
      ? process?.getBuiltinModule?.("os").hostname()
      : undefined,
    isRunning(pid) {
      if (!process?.kill || !isGranted({ name: "run" })) return undefined;
      try {
        return process.kill(pid, 0);
      } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : undefined;
        return code === "ESRCH" ? false : code === "EPERM" ? true : undefined;
      }
    },
    async startOf(pid) {
      if (!isGranted({ name: "run" })) return undefined;
      const fs = process?.getBuiltinModule?.("fs/promises");
      const stat = await fs?.readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
      return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[START_FIELD];
    },
  };
}

/** How this process is written down. */
export async function markOf({ pid, host, startOf }: Processes): Promise<ProcessMark> {
  const started = await startOf(pid);
  return { pid, ...(started === undefined ? {} : { started }), ...(host === undefined ? {} : { host }) };
}

/**
 * Whether that very process still runs, and not another one that was given its number; undefined where nobody may ask, and
 * of another machine's.
 */
export async function stillRuns(mark: ProcessMark, processes: Processes): Promise<boolean | undefined> {
  const { pid, started } = mark;
  if (!(pid > 0)) return false;
  if (isElsewhere(mark, processes)) return undefined;
  const isRunning = processes.isRunning(pid);
  if (isRunning !== true) return isRunning;
  const now = await processes.startOf(pid);
  return started === undefined || now === undefined || now === started;
}

/** Whether it is known to be another machine's. */
export function isElsewhere({ host }: ProcessMark, { host: here }: Processes): boolean {
  return host !== undefined && here !== undefined && host !== here;
}

/** Deno would ask the person at the terminal. */
function isGranted(permission: Parameters<Query>[0]): boolean {
  const { Deno: deno } = globalThis as { Deno?: { permissions?: { querySync?: Query } } };
  return deno === undefined || deno.permissions?.querySync?.(permission).state === "granted";
}
