import { BardcastError, messageOf } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import { DEFAULT_REGISTRY } from "../../voices/default-registry.ts";
import { type Files, files } from "../../voices/files.ts";
import { fileStore, type TextStore } from "../../voices/text-store.ts";

/** Bytes of what is written to see whether there is room: a full disk takes names, but nothing in them. */
const TRIAL_BYTES = 4096;

/** A campaign's folder, as it was found. */
export interface CampaignFolder {
  /** Where its voices are. */
  voices: TextStore;
  /** Why nothing can be kept in it; it has been told. */
  loss: string | undefined;
}

/**
 * Looks at a campaign's folder before anything is kept in it. Where it takes nothing, because it is read-only, full or
 * no folder at all, that is told once, and what is there is read; the default voices are used where it has none.
 * @throws BardcastError `internal` where this runtime has no file system
 */
export async function openCampaignFolder(
  folder: string,
  log: (message: string) => void,
): Promise<CampaignFolder> {
  const voices = fileStore(`${folder}/voice_registry.yaml`);
  const loss = await lossIn(folder);
  if (loss === undefined) return { voices, loss };
  log(
    `nothing can be kept in ${folder} (${loss}): voices that are changed, links that are replaced, and what was said ` +
      "are forgotten when this ends",
  );
  const read = async (): Promise<string> => (await voices.read()) ?? DEFAULT_REGISTRY;
  return { voices: { ...voices, read, write: (text) => writeIfWell(text, voices, folder) }, loss };
}

/** Somebody may have made room meanwhile. @throws BardcastError `internal`, and whatever the store throws */
async function writeIfWell(text: string, voices: TextStore, folder: string): Promise<void> {
  const loss = await lossIn(folder);
  if (loss !== undefined) throw new BardcastError("internal", `${voices.name} is not saved: ${loss}`);
  await voices.write(text);
}

/** Why nothing can be written there; undefined where something can. */
async function lossIn(folder: string): Promise<string | undefined> {
  const fs = files();
  const trial = `${folder}/.${randomId().slice(0, 8)}.tmp`;
  try {
    await makeFolder(fs, folder);
    await fs.writeFile(trial, " ".repeat(TRIAL_BYTES));
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    await fs.rm(trial, { force: true }).catch(() => undefined);
  }
}

/** Node.js never ends to make a folder in one that takes none, as `/proc` is, where it may make those above as well. */
async function makeFolder(fs: Files, folder: string): Promise<void> {
  const isThere = (path: string): Promise<boolean> =>
    fs.stat(path).then(
      () => true,
      () => false,
    );
  if (await isThere(folder)) return;
  const above = /^(.*)[/\\][^/\\]+[/\\]*$/.exec(folder)?.[1] ?? ".";
  await fs.mkdir(folder, { recursive: !(await isThere(above)) });
}
