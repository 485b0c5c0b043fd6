import { commandLine } from "../command-line.ts";
import { UsageError } from "../options.ts";
import type { VoicesFlags } from "../voices.ts";
import { catalogueEntry } from "./catalogue.ts";
import { installVoice } from "./install-voice.ts";

/** Part of a download after which its progress is told once more, where nobody sees it on a terminal. */
const STEP = 0.1;

/** `voices install NAME` */
export async function installCommand({
  words,
  dir,
  baseUrl,
  sha256,
  unverified,
}: VoicesFlags): Promise<void> {
  const [name, ...rest] = words;
  if (name === undefined || rest.length > 0)
    throw new UsageError("voices install takes the name of one voice");
  const entry = catalogueEntry(name);
  console.log(`${name}: ${entry.licence}`);
  const folder = await installVoice(entry, {
    dir,
    baseUrl,
    unverified,
    ...(sha256 === undefined ? {} : { sha256 }),
    onProgress: progress(name),
  });
  console.log(`installed in ${folder}`);
  if (entry.family !== "data") console.log(`hear it: ${commandLine(`voices try ${name} "Well met."`)}`);
}

function progress(name: string): (bytes: number, total: number | undefined) => void {
  let told = 0;
  return (bytes, total) => {
    if (total === undefined) return;
    const isDue = process.stderr.isTTY || bytes >= told + total * STEP || bytes === total;
    if (!isDue) return;
    told = bytes;
    const line = `${name}: ${Math.floor((100 * bytes) / total)} % of ${(total / 1e6).toFixed(1)} MB`;
    process.stderr.write(process.stderr.isTTY && bytes < total ? `\r${line}` : `\r${line}\n`);
  };
}
