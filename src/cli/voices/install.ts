import { commandLine } from "../command-line.ts";
import { UsageError } from "../options.ts";
import { stopSignal } from "../stop-signal.ts";
import { say } from "../terminal.ts";
import { type CatalogueEntry, catalogueEntry, downloadBytes } from "./catalogue.ts";
import type { VoicesFlags } from "./flags.ts";
import { installVoice } from "./install-voice.ts";
import { ProgressLine } from "./progress-line.ts";

/** `voices install NAME` */
export async function installCommand(flags: VoicesFlags): Promise<void> {
  const [name, ...rest] = flags.words;
  if (name === undefined || rest.length > 0)
    throw new UsageError("voices install takes the name of one voice");
  const entry = catalogueEntry(name);
  say(introduce(entry));
  const folder = await untilStopped((signal) => install(entry, flags, signal));
  say(`installed in ${folder}`);
  if (entry.family === "data") return;
  if (!(await hasLibrary())) say("it is spoken by a package of its own: npm install sherpa-onnx-node");
  say(`hear it: ${commandLine(`voices try ${name} "Well met."`)}`);
}

async function install(entry: CatalogueEntry, flags: VoicesFlags, signal: AbortSignal): Promise<string> {
  const { dir, baseUrl, sha256, unverified } = flags;
  const line = new ProgressLine(process.stderr, entry.name);
  try {
    return await installVoice(entry, {
      dir,
      baseUrl,
      unverified,
      ...(sha256 === undefined ? {} : { sha256 }),
      onProgress: (bytes, total) => line.tell(bytes, total),
      onUnpack: () => line.say("unpacking"),
      signal,
    });
  } finally {
    line.end();
  }
}

function introduce(entry: CatalogueEntry): string {
  const bytes = downloadBytes(entry);
  const size = bytes > 0 ? `, ${Math.round(bytes / 1e6)} MB` : "";
  return `${entry.name}${size}, licence: ${entry.licence}`;
}

/** Runs something that the first signal to stop ends in good order. */
async function untilStopped<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stopped = new Error("stopped; the same command goes on from there");
  void stopSignal().then(() => abort.abort(stopped));
  try {
    return await run(abort.signal);
  } catch (error) {
    throw abort.signal.aborted ? stopped : error;
  }
}

/** Whether what speaks such voices is installed; it is not loaded. */
async function hasLibrary(): Promise<boolean> {
  try {
    import.meta.resolve("sherpa-onnx-node");
    return true;
  } catch {
    return false;
  }
}
