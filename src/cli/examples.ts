import type { Command } from "commander";
import { commandLine } from "./command-line.ts";

/** Shows at the end of a command's help how it is typed. */
export function addExamples(command: Command, ...typed: readonly string[]): Command {
  const lines = typed.map((line) => `  ${commandLine(line)}`);
  return command.addHelpText("after", `\n${lines.length > 1 ? "Examples" : "Example"}:\n${lines.join("\n")}`);
}
