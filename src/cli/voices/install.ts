import { BardcastError, toWire } from "../../core/errors.ts";
import { commandLine } from "../command-line.ts";
import { UsageError } from "../options.ts";
import { stopSignal } from "../stop-signal.ts";
import { say } from "../terminal.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import type { VoicesFlags } from "./flags.ts";
import { found, type TellInstall, tellLines, tellPeople } from "./install-report.ts";
import { installVoice } from "./install-voice.ts";
import { tellLibrary } from "./library.ts";
import { findEntry } from "./sources.ts";

/** `voices install NAME` */
export async function installCommand(flags: VoicesFlags): Promise<void> {
  const [name, ...rest] = flags.words;
  if (name === undefined || rest.length > 0)
    throw new UsageError("voices install takes the name of one voice");
  if (flags.json) return installForProgram(name, flags);
  const entry = await installByName(name, flags, tellPeople());
  if (entry.family === "data") return;
  tellLibrary();
  say(`hear it: ${commandLine(`voices try ${entry.name} "Well met."`)}`);
}

/** What went wrong is told as all the rest, and by the exit code. */
async function installForProgram(name: string, flags: VoicesFlags): Promise<void> {
  try {
    await installByName(name, flags, tellLines);
  } catch (error) {
    tellLines({ type: "failed", error: toWire(error) });
    process.exitCode = 1;
  }
}

/**
 * Downloads a voice, and tells how far it is. The first signal to stop ends it in good order.
 * @throws BardcastError as `findEntry` and `installVoice`; `cancelled` where it was stopped
 */
export async function installByName(
  name: string,
  flags: Omit<VoicesFlags, "words" | "out" | "json">,
  tell: TellInstall,
): Promise<CatalogueEntry> {
  const { dir, baseUrl, sha256, unverified } = flags;
  return untilStopped(async (signal) => {
    const entry = await findEntry(name, flags, { signal });
    tell(found(entry));
    const folder = await installVoice(entry, {
      dir,
      baseUrl,
      unverified,
      ...(sha256 === undefined ? {} : { sha256 }),
      onProgress: (bytes, total) =>
        tell({ type: "progress", bytes, ...(total === undefined ? {} : { total }) }),
      onUnpack: () => tell({ type: "unpacking" }),
      signal,
    });
    tell({ type: "installed", name: entry.name, folder });
    return entry;
  });
}

/** Runs something that the first signal to stop ends in good order. */
async function untilStopped<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stopped = new BardcastError("cancelled", "stopped; the same command goes on from there");
  void stopSignal().then(() => abort.abort(stopped));
  try {
    return await run(abort.signal);
  } catch (error) {
    throw abort.signal.aborted ? stopped : error;
  }
}
