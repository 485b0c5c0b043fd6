import { installedVoices, type SherpaVoice } from "../../engines/sherpa/sherpa-voices.ts";
import { commandLine } from "../command-line.ts";
import { say, sayLines } from "../terminal.ts";
import { CATALOGUE, type CatalogueEntry, downloadBytes } from "./catalogue.ts";
import type { VoicesFlags } from "./flags.ts";

/** Most speakers that are listed by name. */
const MAX_NAMES = 60;
/** Columns of a name. */
const NAME_WIDTH = 17;

/** `voices list`: what is installed, and what can be. */
export async function listCommand({ dir }: VoicesFlags): Promise<void> {
  const problems: string[] = [];
  const installed = await installedVoices(dir, (problem) => problems.push(problem));
  if (installed.length > 0) {
    say(`Installed in ${dir}:`);
    for (const voice of installed) say(`  ${describeInstalled(voice)}`);
    sayLines("For an NPC of the table, in voice_registry.yaml: { voice_id: NAME, engine: sherpa }\n");
  } else {
    say(`No voice is installed in ${dir} yet.`);
    say("");
  }
  for (const problem of problems) say(`  ${problem}`);
  const names = new Set(installed.map(({ name }) => name));
  say(`To install, with ${commandLine("voices install NAME")}:`);
  for (const entry of CATALOGUE) if (!names.has(entry.name)) say(`  ${describe(entry)}`);
  say("or any other of https://k2-fsa.github.io/sherpa/onnx/tts/all/ by the name of its archive.");
  say("Voices come with eSpeak NG's data (GPL-3.0-or-later), which they are read with.");
}

function describeInstalled({ name, model }: SherpaVoice): string {
  const { speakers, speakerNames, languages, family } = model;
  const named = speakerNames.slice(0, MAX_NAMES).join(", ");
  const who = speakers > 1 ? `, speakers ${name}/0 to ${name}/${speakers - 1}${named && ` (${named})`}` : "";
  return `${name.padEnd(NAME_WIDTH)} ${family}, ${languages.join(" ")}${who}`;
}

function describe(entry: CatalogueEntry): string {
  const { name, family, licence, languages, speakers } = entry;
  const size = `${Math.round(downloadBytes(entry) / 1e6)} MB`.padStart(6);
  const who =
    family === "data"
      ? "for voices as the Piper project publishes them"
      : `${languages.join(" ")}, ${speakers} speaker${speakers > 1 ? "s" : ""}`;
  return `${name.padEnd(NAME_WIDTH)} ${size}  ${family.padEnd(6)}  ${who}; ${licence}`;
}
