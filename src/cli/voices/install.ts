import { commandLine } from "../command-line.ts";
import { UsageError } from "../options.ts";
import { stopSignal } from "../stop-signal.ts";
import { say } from "../terminal.ts";
import { type CatalogueEntry, downloadBytes } from "./catalogue.ts";
import type { VoicesFlags } from "./flags.ts";
import { installVoice } from "./install-voice.ts";
import { tellLibrary } from "./library.ts";
import { ProgressLine } from "./progress-line.ts";
import { findEntry } from "./sources.ts";

/** `voices install NAME` */
export async function installCommand(flags: VoicesFlags): Promise<void> {
  const [name, ...rest] = flags.words;
  if (name === undefined || rest.length > 0)
    throw new UsageError("voices install takes the name of one voice");
  const entry = await installByName(name, flags);
  if (entry.family === "data") return;
  tellLibrary();
  say(`hear it: ${commandLine(`voices try ${entry.name} "Well met."`)}`);
}

/** Downloads a voice and shows how far it is. @throws BardcastError as `installVoice`; Error where it was stopped */
export async function installByName(
  name: string,
  flags: Omit<VoicesFlags, "words" | "out">,
): Promise<CatalogueEntry> {
  return untilStopped(async (signal) => {
    const entry = await findEntry(name, flags, { signal });
    say(introduce(entry));
    say(`installed in ${await install(entry, flags, signal)}`);
    return entry;
  });
}

async function install(
  entry: CatalogueEntry,
  flags: Omit<VoicesFlags, "words" | "out">,
  signal: AbortSignal,
): Promise<string> {
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
