import { ServerProcess } from "./server-process.ts";

export type RuntimeName = "bun" | "deno" | "node";

/** One way to run Bardcast: a runtime, and where the code is. */
export interface Runtime {
  name: RuntimeName;
  /** Runs a file; its arguments follow. */
  run: readonly string[];
  /** The command line. */
  cli: string;
  /** Folder of `voice_registry.yaml`. */
  campaign: string;
  /** Folder of `table.mjs` and `mounted.mjs`, from where they see the modules. */
  programs: string;
  /** What a program imports. */
  modules: { index: string; app: string; adapter: string };
  /** Where it all runs. */
  cwd: string;
}

/** The command line, which serves a table of three, as `npm start` does. */
export function cliCommand({ run, cli, campaign }: Runtime, port = 0): string[] {
  return [...run, cli, "--port", `${port}`, "--json", "--campaign", campaign];
}

export function startCli(runtime: Runtime): Promise<ServerProcess> {
  return ServerProcess.start(cliCommand(runtime), runtime.cwd);
}

/** A program serves a table of three with options that the command line does not have. */
export function startTable(
  runtime: Runtime,
  settings: { options?: object; withoutWorkers?: boolean; withoutProcesses?: boolean } = {},
): Promise<ServerProcess> {
  return startProgram(runtime, "table.mjs", { adapter: runtime.modules.adapter, ...settings });
}

/** A program of somebody else serves a table of three under `/voice`. */
export function startMounted(runtime: Runtime): Promise<ServerProcess> {
  return startProgram(runtime, "mounted.mjs", { runtime: runtime.name, ...runtime.modules });
}

function startProgram(runtime: Runtime, program: string, argument: object): Promise<ServerProcess> {
  const command = [...runtime.run, `${runtime.programs}/${program}`, JSON.stringify(argument)];
  return ServerProcess.start(command, runtime.cwd);
}
