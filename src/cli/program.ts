import { Command, CommanderError } from "commander";
import { commandLine } from "./command-line.ts";
import { addDoctorOptions } from "./doctor/doctor-options.ts";
import { EXIT } from "./exit-codes.ts";
import { addServeOptions, ENVIRONMENT } from "./options.ts";
import { addRenderOptions } from "./render/render-options.ts";
import { addSayOptions, addTableOptions } from "./table/table-options.ts";
import { sayLines, warn } from "./terminal.ts";

/** What a command does when it was typed without a mistake; resolves with the exit code. */
type Run<T extends unknown[]> = (...args: T) => Promise<number>;

const EXIT_CODES = `
Exit codes: 0 done; 1 not done, for the reason that is told, or of doctor: the table would not speak; 2 of say: said, and nobody who was addressed
            got all of it; 130 and 143: stopped at once by a second Ctrl+C or SIGTERM.`;

/** Finds the command that was typed, and runs it; without one, a table is served. @returns the exit code */
export async function runProgram(args: readonly string[]): Promise<number> {
  const typed = args[0]?.startsWith("-") === false || isHelp(args) ? args : ["serve", ...args];
  let exitCode: number = EXIT.done;
  const program = createProgram(typed, (code) => {
    exitCode = code;
  });
  if (["complete", "help"].includes(typed[0] ?? "") || isHelp(typed))
    (await import("@bomb.sh/tab/commander")).default(program);
  try {
    await program.parseAsync([...typed], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.done : EXIT.failed;
  }
}

function isHelp([first]: readonly string[]): boolean {
  return first === "--help" || first === "-h";
}

function createProgram(words: readonly string[], end: (exitCode: number) => void): Command {
  const ending =
    <T extends unknown[]>(run: Run<T>) =>
    async (...args: T): Promise<void> =>
      end(await run(...args));
  const program = new Command("bardcast")
    .description("Speaks to a party: text in, streamed speech out to every player's browser.")
    .usage("[command] [options]")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => sayLines(text.trimEnd()),
      // A suggestion stands in a line of its own; whatever else ends a line was typed.
      writeErr: (text) =>
        warn(
          text
            .replace(/^error: /, "")
            .replace("\n(Did", " (Did")
            .trim(),
        ),
      // Deno would have to allow the variables that say so.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .showHelpAfterError(`See ${commandLine(name.replace(/ .*/, ""))} --help`);

  addServeOptions(command("serve", "serve a table; what is done where no command is named"))
    .addHelpText("after", ENVIRONMENT)
    .action(ending(async (typed) => (await import("./serve.ts")).runServe(typed)));
  addSayOptions(
    command("say [text]", "say something to a running table; without a text, each line of stdin"),
  ).action(ending(async (text, typed) => (await import("./table/say.ts")).runSay(text, typed)));
  addRenderOptions(
    command("render [text]", "write speech into a file, without a table; without a text, that of stdin"),
  ).action(ending(async (text, typed) => (await import("./render/render.ts")).runRender(text, typed)));
  command("voices", "list, install, remove and try voices")
    .argument("[command...]", "list, install NAME, add FILE, remove NAME, try NAME TEXT")
    .helpOption(false)
    .allowUnknownOption()
    .action(ending(async () => (await import("./voices.ts")).runVoices(words.slice(1))));
  addDoctorOptions(command("doctor", "look whether a table would speak here, and say what mends it")).action(
    ending(async (typed) => (await import("./doctor/doctor.ts")).runDoctor(typed)),
  );
  addTableOptions(command("status", "tell how a running table is"))
    .option("--json", "print the answer of GET /api/status, as one line")
    .action(ending(async (typed) => (await import("./table/status.ts")).runStatus(typed)));
  addTableOptions(
    command("mcp", "let a language model's program use a running table, by MCP over stdin and stdout"),
  ).action(ending(async (typed) => (await import("./table/mcp.ts")).runMcp(typed)));
  const serveHelp = `\nWithout a command a table is served; --port, --players, --engine and the rest: ${commandLine("serve --help")}`;
  return program.addHelpText("after", `${serveHelp}\n${EXIT_CODES}`);
}
