import { parseArgs } from "node:util";
import { messageOf } from "../core/errors.ts";
import { voicesDir } from "../voices/voices-dir.ts";
import { commandLine } from "./command-line.ts";
import { UsageError } from "./options.ts";
import { tellFailure } from "./tell-failure.ts";
import { sayLines } from "./terminal.ts";
import { addCommand } from "./voices/add.ts";
import type { VoicesFlags } from "./voices/flags.ts";
import { installCommand } from "./voices/install.ts";
import { listCommand } from "./voices/list.ts";
import { removeCommand } from "./voices/remove.ts";
import { voiceSources } from "./voices/sources.ts";
import { tryCommand } from "./voices/try.ts";

export const VOICES_USAGE: string = `Usage: ${commandLine("voices")} <command> [options]

  list                     what is installed, and what can be
  install NAME             download a voice, verify it, unpack it; piper:en_GB-alba-medium and the like are any of
                           the Piper project's (https://huggingface.co/rhasspy/piper-voices)
  add FILE.onnx            install a Piper voice that is on this machine, with its .onnx.json beside it
  remove NAME              delete an installed voice
  try NAME "text"          say something into a WAV file, and play it where there is a player

  --dir DIR                folder of voices (default: BARDCAST_VOICES_DIR, else your data folder)
  --url URL                where voices come from (default: BARDCAST_VOICES_URL, else sherpa-onnx's releases; for
                           piper:… BARDCAST_PIPER_URL, else Hugging Face)
  --sha256 HEX             what the archive, or the model, must be; by default what the list, else its server, tells
  --unverified             install what nobody vouches for
  --json                   install tells how far it is in lines of JSON
  --out FILE               where try writes to; nothing is played then
  --help                   print this`;
const COMMANDS: Readonly<Record<string, (flags: VoicesFlags) => Promise<void>>> = {
  list: listCommand,
  install: installCommand,
  add: addCommand,
  remove: removeCommand,
  try: tryCommand,
};

/** Lists, installs, adds, removes and tries voices; resolves with the exit code. */
export async function runVoices(args: readonly string[]): Promise<number> {
  try {
    const { name = "list", help, flags } = read(args);
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (help) sayLines(VOICES_USAGE);
    else if (command) await command(flags);
    else throw new UsageError(`there is no command "voices ${name}"`);
    return 0;
  } catch (error) {
    return tellFailure(error, VOICES_USAGE);
  }
}

function read(args: readonly string[]): { name: string | undefined; help: boolean; flags: VoicesFlags } {
  const { values, positionals } = parse(args);
  const dir = values.dir ?? voicesDir();
  if (dir === undefined) throw new UsageError("there is no home folder here: say where voices go with --dir");
  const [name, ...words] = positionals;
  const sources = voiceSources(values.url);
  const { sha256, unverified, out, json, help } = values;
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256))
    throw new UsageError("--sha256 has 64 hex digits");
  return { name, help, flags: { words, dir, ...sources, sha256, unverified, out, json } };
}

function parse(args: readonly string[]): {
  positionals: string[];
  values: {
    help: boolean;
    unverified: boolean;
    json: boolean;
    dir?: string | undefined;
    url?: string | undefined;
    sha256?: string | undefined;
    out?: string | undefined;
  };
} {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        dir: { type: "string" },
        url: { type: "string" },
        sha256: { type: "string" },
        out: { type: "string" },
        unverified: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}
