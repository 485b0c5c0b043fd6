import { installedVoices } from "../../engines/sherpa-voices.ts";
import { commandLine } from "../command-line.ts";
import type { VoicesFlags } from "../voices.ts";
import { CATALOGUE, type CatalogueEntry } from "./catalogue.ts";

/** Most speakers that are listed by name. */
const MAX_NAMES = 60;

/** `voices list`: what is installed, and what can be. */
export async function listCommand({ dir }: VoicesFlags): Promise<void> {
  const problems: string[] = [];
  const installed = await installedVoices(dir, (problem) => problems.push(problem));
  console.log(`Installed in ${dir}:`);
  for (const { name, model } of installed) {
    const { speakers, speakerNames, language, family } = model;
    const named = speakerNames.slice(0, MAX_NAMES).join(", ");
    const who =
      speakers > 1 ? `, speakers ${name}/0 to ${name}/${speakers - 1}${named && ` (${named})`}` : "";
    console.log(`  ${name.padEnd(16)} ${family}, ${language}${who}`);
  }
  if (installed.length === 0) console.log("  none yet");
  for (const problem of problems) console.log(`  ${problem}`);
  console.log("\nFor the table, in voice_registry.yaml: { voice_id: NAME, engine: sherpa }");
  const names = new Set(installed.map(({ name }) => name));
  console.log(`\nTo install, with ${commandLine("voices install NAME")}:`);
  for (const entry of CATALOGUE) if (!names.has(entry.name)) console.log(`  ${describe(entry)}`);
}

function describe({ name, family, megabytes, licence, languages, speakers }: CatalogueEntry): string {
  const who =
    family === "data" ? "for voices of the Piper project" : `${speakers} speaker${speakers > 1 ? "s" : ""}`;
  return `${name.padEnd(16)} ${`${megabytes} MB`.padStart(6)}  ${family.padEnd(6)}  ${languages.join(" ")}, ${who}; ${licence}`;
}
