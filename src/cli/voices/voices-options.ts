import type { Command } from "commander";
import { addExamples } from "../examples.ts";

/** What may be said of voices, as it was typed. */
export interface TypedVoicesOptions {
  dir?: string;
  url?: string;
  sha256?: string;
  unverified?: boolean;
  json?: boolean;
  out?: string;
}

export type VoicesCommand = "list" | "install" | "add" | "remove" | "try";

/** Runs one of them; `words` follow its name. */
export type RunVoices = (
  name: VoicesCommand,
  words: readonly string[],
  typed: TypedVoicesOptions,
) => Promise<void>;

/** Tells the command `voices` its own commands. @param make makes one of them */
export function addVoicesCommands(
  voices: Command,
  make: (parent: Command, name: string, description: string) => Command,
  run: RunVoices,
): void {
  const command = (name: VoicesCommand, words: string, description: string): Command =>
    addPlaceOfVoices(make(voices, `${name}${words}`, description)).action((...given: unknown[]) => {
      const own = given.at(-1) as Command;
      return run(name, own.args, own.opts());
    });
  addExamples(
    command("list", "", "what is installed, and what can be; what is done where nothing is named"),
    "voices list",
  );
  addExamples(
    command(
      "install",
      " <name>",
      "download a voice, verify it, unpack it; piper:en_GB-alba-medium and the like are any of the Piper project's",
    )
      .option(
        "--sha256 <hex>",
        "what the archive, or the model, must be; by default what the list, else its server, tells",
      )
      .option("--unverified", "install what nobody vouches for")
      .option("--json", "tell how far it is in lines of JSON"),
    "voices install kitten-nano-en",
    "voices install piper:en_GB-alba-medium",
  );
  addExamples(
    command("add", " <file>", "install a Piper voice that is on this machine, with its .onnx.json beside it"),
    "voices add ~/Downloads/en_GB-alba-medium.onnx",
  );
  addExamples(command("remove", " <name>", "delete an installed voice"), "voices remove kitten-nano-en");
  addExamples(
    command(
      "try",
      " <name> [text...]",
      "say something into a WAV file, and play it where there is a player",
    ).option("--out <file>", "where to; nothing is played then"),
    'voices try kitten-nano-en "Well met."',
    "voices try slt --out hello.wav",
  );
  addExamples(voices, "voices", "voices install kitten-nano-en", 'voices try slt "Well met."');
}

function addPlaceOfVoices(command: Command): Command {
  return command
    .option("--dir <folder>", "folder of voices (default: BARDCAST_VOICES_DIR, else your data folder)")
    .option(
      "--url <url>",
      "where voices come from (default: BARDCAST_VOICES_URL, else sherpa-onnx's releases; for piper:… BARDCAST_PIPER_URL, else Hugging Face)",
    );
}
