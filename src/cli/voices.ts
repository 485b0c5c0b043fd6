import { voicesDir } from "../voices/voices-dir.ts";
import { commandLine } from "./command-line.ts";
import { EXIT } from "./exit-codes.ts";
import { UsageError } from "./options.ts";
import { tellFailure } from "./tell-failure.ts";
import { addCommand } from "./voices/add.ts";
import type { VoicesFlags } from "./voices/flags.ts";
import { installCommand } from "./voices/install.ts";
import { listCommand } from "./voices/list.ts";
import { removeCommand } from "./voices/remove.ts";
import { voiceSources } from "./voices/sources.ts";
import { tryCommand } from "./voices/try.ts";
import type { TypedVoicesOptions, VoicesCommand } from "./voices/voices-options.ts";

const COMMANDS: Readonly<Record<VoicesCommand, (flags: VoicesFlags) => Promise<void>>> = {
  list: listCommand,
  install: installCommand,
  add: addCommand,
  remove: removeCommand,
  try: tryCommand,
};

/** Lists, installs, adds, removes and tries voices; resolves with the exit code. */
export async function runVoices(
  name: VoicesCommand,
  words: readonly string[],
  typed: TypedVoicesOptions,
): Promise<number> {
  try {
    await COMMANDS[name](voicesFlags(words, typed));
    return EXIT.done;
  } catch (error) {
    return tellFailure(error, `See ${commandLine(`voices ${name} --help`)}`);
  }
}

/** @throws UsageError */
function voicesFlags(words: readonly string[], typed: TypedVoicesOptions): VoicesFlags {
  const { dir = voicesDir(), url, sha256, unverified = false, json = false, out } = typed;
  if (dir === undefined) throw new UsageError("there is no home folder here: say where voices go with --dir");
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256))
    throw new UsageError("--sha256 has 64 hex digits");
  return { words, dir, ...voiceSources(url), sha256, unverified, out, json };
}
