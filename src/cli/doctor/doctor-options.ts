import type { Command } from "commander";
import { addEngineOption, addPlaceOptions } from "../options.ts";

/** What is to be looked at, as it was typed: what `serve` would be started with. */
export interface TypedDoctorOptions {
  port: string;
  host: string;
  campaign: string;
  publicUrl?: string;
  engine: string[];
  json?: boolean;
}

/** Tells a command what can be looked at. */
export function addDoctorOptions(command: Command): Command {
  return addEngineOption(addPlaceOptions(command)).option(
    "--json",
    "print what was found as one line of JSON",
  );
}
