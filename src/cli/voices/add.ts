import { copyFile, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BardcastError, messageOf } from "../../core/errors.ts";
import { commandLine } from "../command-line.ts";
import { UsageError } from "../options.ts";
import { say } from "../terminal.ts";
import { hashFile } from "./download/checksum.ts";
import type { VoicesFlags } from "./flags.ts";
import { installFolder } from "./install-folder.ts";
import { provideEspeakData } from "./install-voice.ts";
import { tellLibrary } from "./library.ts";
import { licenceIn } from "./piper-entry.ts";

const MODEL = ".onnx";
const CARD = "MODEL_CARD";

/** `voices add FILE.onnx`: a Piper voice that is on this machine already. */
export async function addCommand({ words, dir, baseUrl }: VoicesFlags): Promise<void> {
  const [path, ...rest] = words;
  if (path === undefined || !path.endsWith(MODEL) || rest.length > 0)
    throw new UsageError("voices add takes the file of one voice, NAME.onnx, with NAME.onnx.json beside it");
  const name = basename(path, MODEL);
  const card = join(dirname(path), CARD);
  const licence = licenceIn(await readFile(card, "utf8").catch(() => undefined));
  const folder = await installFolder(name, { dir }, async (into) => {
    await copy(path, join(into, basename(path)));
    await copy(`${path}.json`, join(into, `${basename(path)}.json`));
    await copyFile(card, join(into, CARD)).catch(() => undefined);
    await provideEspeakData({ dir, baseUrl });
    return { name, licence, source: path, sha256: await hashFile(path) };
  });
  say(`installed in ${folder}, licence: ${licence}`);
  tellLibrary();
  say(`hear it: ${commandLine(`voices try ${name} "Well met."`)}`);
}

/** @throws BardcastError `not-found` */
async function copy(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((cause) => {
    throw new BardcastError("not-found", `${from} cannot be read (${messageOf(cause)})`, { cause });
  });
}
