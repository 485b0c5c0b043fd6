import { deferred } from "../core/async/deferred.ts";
import { messageOf } from "../core/errors.ts";
import { voicesDir } from "../voices/voices-dir.ts";
import { pipePorts } from "./pipe-ports.ts";
import type { SpawnedWorker } from "./spawn.ts";

/** Characters kept of what a child complains about, for the operator. */
const MAX_COMPLAINT = 2000;
/** What Deno has to allow: native code, its models, where they are, and to adopt those that were put there. */
const DENO_ARGS = [
  "run",
  "--quiet",
  "--no-prompt",
  "--allow-ffi",
  "--allow-read",
  "--allow-env",
  "--allow-sys",
];

/** The parts of `node:child_process` that are used; what types there are for it depends on the runtime. */
interface Processes {
  spawn(command: string, args: readonly string[], options: object): Child;
}

interface Child {
  stdin: { write(bytes: Uint8Array): unknown; on(event: string, listener: () => void): unknown };
  stdout: { on(event: "data", listener: (bytes: Uint8Array) => void): unknown };
  stderr: { on(event: "data", listener: (bytes: Uint8Array) => void): unknown };
  on(event: string, listener: (value: unknown, signal?: unknown) => void): unknown;
  kill(signal: string): unknown;
}

/** Whether this program may start processes. */
export function canSpawnChild(): boolean {
  const { Deno: deno } = globalThis as { Deno?: { permissions?: { querySync?: QueryRun } } };
  const isAllowed = deno?.permissions?.querySync?.({ name: "run" }).state ?? "granted";
  return isAllowed === "granted" && processes() !== undefined;
}

type QueryRun = (permission: { name: "run" }) => { state: string };

/**
 * A worker in a process of its own, running the runtime that runs this. Whatever becomes of it, this process
 * goes on; where this one ends, so does it.
 * @throws Error where no process can be started
 */
export function spawnChild(): SpawnedWorker {
  const child = start(new URL("../../workers/child.ts", import.meta.url));
  const listeners = new Set<(reason: string) => void>();
  const ended = deferred();
  let complaint = "";
  const end = (reason: string): void => {
    ended.resolve();
    for (const listener of listeners) listener(complaint ? `${reason}: ${complaint.trim()}` : reason);
  };
  const ports = pipePorts((bytes) => child.stdin.write(bytes));
  const decoder = new TextDecoder();
  child.stdout.on("data", (bytes) => {
    try {
      ports.push(bytes);
    } catch (error) {
      complaint = messageOf(error);
      child.kill("SIGKILL");
    }
  });
  child.stderr.on("data", (bytes) => {
    complaint = (complaint + decoder.decode(bytes, { stream: true })).slice(-MAX_COMPLAINT);
  });
  // It is heard of as the end of the process.
  child.stdin.on("error", () => undefined);
  child.on("error", (error) => end(messageOf(error)));
  child.on("close", (code, signal) => end(`it ended with ${signal ?? code}`));
  return {
    endpoint: ports.endpoint,
    orders: ports.orders,
    onEnd: (listener) => void listeners.add(listener),
    async terminate() {
      child.kill("SIGKILL");
      await ended.promise;
    },
  };
}

function start(entry: URL): Child {
  const { spawn } = processes() ?? {};
  const { execPath, versions } = globalThis.process;
  const path = globalThis.process.getBuiltinModule?.("url")?.fileURLToPath(entry.href);
  if (!spawn || path === undefined) throw new ReferenceError("this runtime has no processes");
  const voices = voicesDir();
  const writes = voices === undefined ? [] : [`--allow-write=${voices}`];
  const args = versions.deno === undefined ? [path] : [...DENO_ARGS, ...writes, path];
  return spawn(execPath, args, { stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
}

function processes(): Processes | undefined {
  const found: unknown = globalThis.process?.getBuiltinModule?.("child_process");
  return found as Processes | undefined;
}
