import type { Command } from "commander";
import { addEngineOption, DEFAULT_CAMPAIGN } from "../options.ts";
import { addSpeakerOptions, type TypedSayOptions } from "../table/table-options.ts";

/** What is to be written, as it was typed. */
export interface TypedRenderOptions
  extends Pick<TypedSayOptions, "campaign" | "as" | "race" | "gender" | "voice" | "context" | "json"> {
  out: string;
  engine: string[];
}

/** Tells a command what can be said of a file. */
export function addRenderOptions(command: Command): Command {
  command.requiredOption("-o, --out <file>", "where to: a name that ends in .wav, .opus or .ogg");
  return addEngineOption(addSpeakerOptions(command))
    .option(
      "--campaign <folder>",
      "folder of voice_registry.yaml; nothing is written there",
      DEFAULT_CAMPAIGN,
    )
    .option("--json", "print one line of JSON about the file");
}
