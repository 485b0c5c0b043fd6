import { letGo, within } from "../../core/async/abortable.ts";
import { BardcastError, messageOf } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";
import { DEFAULT_REGISTRY } from "../../voices/default-registry.ts";
import { type Files, files as systemFiles } from "../../voices/files.ts";
import { fileStore, storeLimit, type TextStore, unsaved } from "../../voices/text-store.ts";
import { diskFiles, makePrivate } from "./disk-files.ts";
import type { FolderLock } from "./folder-lock.ts";
import { keepAside } from "./keep-aside.ts";
import { removeLeftovers } from "./leftovers.ts";
import type { StoreFiles } from "./store-files.ts";
import { StoreHealth } from "./store-health.ts";
import { WriteRight } from "./write-right.ts";

/** Bytes of what is written to see whether there is room: a full disk takes names, but nothing in them. */
const TRIAL_BYTES = 4096;
/** One that is made here is for nobody else on the machine. */
const FOLDER_MODE = 0o700;

/** A campaign's folder, as it was found. */
export interface CampaignFolder {
  path: string;
  /** Where its voices are. */
  voices: TextStore;
  /** Where the table's own text is, which is nobody else's while this process has the folder. */
  state: TextStore;
  files: StoreFiles;
  /** Resolves with what it is by now: another one once it was deleted. Rejects where this process may not write in it. */
  guard: () => Promise<FolderLock>;
  /** Others may have it. */
  release: () => Promise<void>;
  /** Called when it was deleted and made again: what was in it is to be written anew. */
  onRemade: (listener: () => void) => void;
  health: StoreHealth;
  /** Why nothing can be kept in it; it has been told. */
  loss: string | undefined;
  /** Whether files can be written there, if only such as nobody minds losing. */
  isWritable: boolean;
  /** Whether what is in it can be read. */
  isReadable: boolean;
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
  const voices = fileStore(`${folder}/voice_registry.yaml`, { folderMode: FOLDER_MODE });
  const files = diskFiles();
  const health = new StoreHealth(folder, log);
  const right = new WriteRight(folder, {
    files,
    log,
    makeFolder: () => makeFolder(systemFiles(), folder),
    tidyUp: () => tidyUp(folder),
  });
  const looking = lookInto(folder, right);
  const found = await within(looking, storeLimit({ name: folder })).catch(messageOf);
  if (typeof found === "string") {
    // Others may have it as soon as it answers.
    letGo(() => looking.then(() => right.release()));
    return silentFolder(folder, { files, health, log, loss: found });
  }
  const { unwritable, loss } = found;
  const guard = (): Promise<FolderLock> => right.guard();
  const text = fileStore(`${folder}/state.json`, { mode: 0o600, folderMode: FOLDER_MODE });
  const state: TextStore = {
    ...text,
    write: (next) => guard().then(() => text.write(next)),
    keepAside: () => guard().then(() => keepAside(text.name)),
  };
  const release = (): Promise<void> => right.release();
  const onRemade = (listener: () => void): void => right.onRemade(listener);
  const isWritable = unwritable === undefined;
  const parts = { path: folder, voices, state, files, guard, release, onRemade, health, loss };
  const opened = { ...parts, isWritable, isReadable: true };
  if (loss === undefined) return opened;
  health.lost(loss);
  log(
    `nothing can be kept in ${folder} (${loss}): voices that are changed, links that are replaced, and what was said ` +
      "are forgotten when this ends",
  );
  const read = async (): Promise<string> => (await voices.read()) ?? DEFAULT_REGISTRY;
  return {
    ...opened,
    voices: { ...voices, read, write: (text) => writeIfWell(text, voices, { folder, guard }) },
  };
}

interface Found {
  /** Why nothing can be written there. */
  unwritable: string | undefined;
  /** The same, or who else has it. */
  loss: string | undefined;
}

async function lookInto(folder: string, right: WriteRight): Promise<Found> {
  const unwritable = await lossIn(folder);
  const loss = unwritable ?? (await right.guard().then(() => undefined, messageOf));
  return { unwritable, loss };
}

/** Before anything is written there, now or as soon as the disk takes something. */
async function tidyUp(folder: string): Promise<void> {
  await removeLeftovers(folder, systemFiles());
  await Promise.all(["state.json", "journal.jsonl"].map((name) => makePrivate(`${folder}/${name}`)));
}

/**
 * One on a disk that did not answer: nothing of it is known, and nothing of it is changed, whenever it answers after all.
 */
function silentFolder(
  path: string,
  {
    log,
    loss,
    ...parts
  }: Pick<CampaignFolder, "files" | "health"> & { log: (message: string) => void; loss: string },
): CampaignFolder {
  parts.health.lost(loss);
  log(
    `${loss}: nothing that was kept there is known, so links that were given out before are void, and nothing is kept ` +
      "until Bardcast is started again",
  );
  const refuse = (name: string) => () => Promise.reject(unsaved(name, `${loss} when Bardcast started`));
  const store = (name: string, text: string | undefined): TextStore => ({
    name,
    read: () => Promise.resolve(text),
    write: refuse(name),
  });
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    ...parts,
    path,
    voices: store(`${path}/voice_registry.yaml`, DEFAULT_REGISTRY),
    state: store(`${path}/state.json`, undefined),
    guard: refuse(path),
    release: nothing,
    onRemade: () => undefined,
    loss,
    isWritable: false,
    isReadable: false,
  };
}

/** Somebody may have made room meanwhile. @throws BardcastError `internal`, and whatever the store throws */
async function writeIfWell(
  text: string,
  voices: TextStore,
  { folder, guard }: { folder: string; guard: () => Promise<unknown> },
): Promise<void> {
  const loss = (await lossIn(folder)) ?? (await guard().then(() => undefined, messageOf));
  if (loss !== undefined) throw new BardcastError("internal", `${voices.name} is not saved: ${loss}`);
  await voices.write(text);
}

/** Why nothing can be written there; undefined where something can. */
async function lossIn(folder: string): Promise<string | undefined> {
  const fs = systemFiles();
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
  // One that is there already is left as it is: others may be meant to see what else is in it.
  await fs.mkdir(folder, { recursive: !(await isThere(above)), mode: FOLDER_MODE }).catch(async (error) => {
    // Somebody else may have been quicker.
    if (await isThere(folder)) return;
    const isLink = (await fs.lstat(folder).catch(() => undefined))?.isSymbolicLink();
    throw isLink ? new Error("it is a link that leads nowhere") : error;
  });
}
