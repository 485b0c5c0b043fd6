import { fileURLToPath } from "node:url";

/** The repository's folder, without a slash at its end. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

export interface Ran {
  exitCode: number;
  stdout: string;
  /** Both streams, one after the other, for messages. */
  output: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** ms after which it is ended; its exit code is then 143. Default 60 000. */
  timeoutMs?: number;
  /** Ended once it has printed this; its exit code is then what it makes of that. */
  stopAt?: string;
}

/** The path of a command that a package of ours brings. */
export function tool(name: string): string {
  return `${ROOT}/node_modules/.bin/${name}`;
}

/** Runs a command to its end. */
export async function run(command: string[], options: RunOptions = {}): Promise<Ran> {
  const child = Bun.spawn(command, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, NO_COLOR: "1", ...options.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: options.timeoutMs ?? 60_000,
  });
  const [stdout, stderr] = await Promise.all([
    textOf(child.stdout, options.stopAt, () => child.kill("SIGTERM")),
    new Response(child.stderr).text(),
  ]);
  return { exitCode: await child.exited, stdout, output: stdout + stderr };
}

async function textOf(
  stream: ReadableStream<Uint8Array>,
  stopAt: string | undefined,
  stop: () => void,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of stream) {
    const before = text;
    text += decoder.decode(part, { stream: true });
    if (stopAt !== undefined && text.includes(stopAt) && !before.includes(stopAt)) stop();
  }
  return text;
}

/** What a command that must succeed printed. @throws Error with all it said where it does not */
export async function mustRun(command: string[], options: RunOptions = {}): Promise<string> {
  const { exitCode, stdout, output } = await run(command, options);
  if (exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${exitCode}:\n${output}`);
  return stdout;
}
