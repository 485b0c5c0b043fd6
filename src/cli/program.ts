import { Command, CommanderError } from "commander";
import { VERSION } from "../core/version.ts";
import { commandLine } from "./command-line.ts";
import { addDoctorOptions } from "./doctor/doctor-options.ts";
import { addExamples } from "./examples.ts";
import { EXIT } from "./exit-codes.ts";
import { addServeOptions, ENVIRONMENT } from "./options.ts";
import { addRenderOptions } from "./render/render-options.ts";
import { addSayOptions, addTableOptions } from "./table/table-options.ts";
import { sayLines, warn } from "./terminal.ts";
import { addVoicesCommands } from "./voices/voices-options.ts";

/** What a command does when it was typed without a mistake; resolves with the exit code. */
type Run<T extends unknown[]> = (...args: T) => Promise<number>;

const EXIT_CODES = `
Exit codes: 0 done; 1 not done, for the reason that is told, or of doctor: the table would not speak; 2 of say: said, and nobody who was addressed
            got all of it; 130 and 143: stopped at once by a second Ctrl+C or SIGTERM.`;

/** Finds the command that was typed, and runs it; without one, a table is served. @returns the exit code */
export async function runProgram(args: readonly string[]): Promise<number> {
  const typed = withCommand(args);
  let exitCode: number = EXIT.done;
  const program = createProgram((code) => {
    exitCode = code;
  });
  if (["complete", "help"].includes(typed[0] ?? "") || isAboutAll(typed)) {
    (await import("@bomb.sh/tab/commander")).default(program);
    const complete = program.commands.find((command) => command.name() === "complete");
    if (complete) addExamples(complete, "complete bash >> ~/.bashrc");
  }
  try {
    await program.parseAsync([...typed], { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.done : EXIT.failed;
  }
}

/** With the command that is meant where none is named. */
function withCommand(args: readonly string[]): readonly string[] {
  const [first, second] = args;
  if (first === "voices" && !isWord(second) && !isAboutAll([second])) return args.toSpliced(1, 0, "list");
  return isWord(first) || isAboutAll(args) ? args : ["serve", ...args];
}

function isWord(typed: string | undefined): boolean {
  return typed?.startsWith("-") === false;
}

/** What is asked of the program itself. */
function isAboutAll([first]: readonly (string | undefined)[]): boolean {
  return ["--help", "-h", "--version", "-V"].includes(first ?? "");
}

function createProgram(end: (exitCode: number) => void): Command {
  const ending =
    <T extends unknown[]>(run: Run<T>) =>
    async (...args: T): Promise<void> =>
      end(await run(...args));
  const program = new Command("bardcast")
    .description("Speaks to a party: text in, streamed speech out to every player's browser.")
    .usage("[command] [options]")
    .version(VERSION, "-V, --version", "print the version")
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
  const make = (parent: Command, name: string, description: string): Command => {
    const command = parent.command(name).description(description);
    const path = parent === program ? command.name() : `${parent.name()} ${command.name()}`;
    return command.showHelpAfterError(`See ${commandLine(path)} --help`);
  };
  const command = (name: string, description: string): Command => make(program, name, description);

  addExamples(
    addServeOptions(command("serve", "serve a table; what is done where no command is named"))
      .addHelpText("after", ENVIRONMENT)
      .action(ending(async (typed) => (await import("./serve.ts")).runServe(typed))),
    "serve --players thorin,elara",
    "serve --voice kitten-nano-en --campaign my-campaign",
  );
  addExamples(
    addSayOptions(
      command("say [text]", "say something to a running table; without a text, each line of stdin"),
    ).action(ending(async (text, typed) => (await import("./table/say.ts")).runSay(text, typed))),
    'say "The door creaks."',
    'say "Psst." --to thorin --as mara --race elf --gender female',
  );
  addExamples(
    addRenderOptions(
      command("render [text]", "write speech into a file, without a table; without a text, that of stdin"),
    ).action(ending(async (text, typed) => (await import("./render/render.ts")).runRender(text, typed))),
    'render "The bridge is out." -o bridge.wav',
  );
  addVoicesCommands(command("voices", "list, install, add, remove and try voices"), make, async (...asked) =>
    end(await (await import("./voices.ts")).runVoices(...asked)),
  );
  addExamples(
    addDoctorOptions(
      command("doctor", "look whether a table would speak here, and say what mends it"),
    ).action(ending(async (typed) => (await import("./doctor/doctor.ts")).runDoctor(typed))),
    "doctor",
    "doctor --port 9000 --engine openai",
  );
  addExamples(
    addTableOptions(command("status", "tell how a running table is"))
      .option("--json", "print the answer of GET /api/status, as one line")
      .action(ending(async (typed) => (await import("./table/status.ts")).runStatus(typed))),
    "status",
  );
  addExamples(
    addTableOptions(
      command("mcp", "let a language model's program use a running table, by MCP over stdin and stdout"),
    ).action(ending(async (typed) => (await import("./table/mcp.ts")).runMcp(typed))),
    "mcp --campaign my-campaign",
  );
  const serveHelp = `\nWithout a command a table is served; --port, --players, --engine and the rest: ${commandLine("serve --help")}`;
  return program.addHelpText("after", `${serveHelp}\n${EXIT_CODES}`);
}
