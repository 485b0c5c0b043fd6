import { type Files, files, syncFolderOf } from "../../voices/files.ts";

/** Damaged files of one name that are kept beside it. */
const MAX_ASIDE = 9;
/** Of `copyFile`: only where there is none yet. */
const COPYFILE_EXCL = 1;

/**
 * Keeps a damaged file under another name beside it, before a new one takes its place: `state.json.damaged`, then
 * `state.json.damaged.2`. Such a file is never replaced.
 * @returns its path there; undefined where there is no such file
 * @throws Error where there are too many already, and what the file system throws
 */
export async function keepAside(path: string, fs: Files = files()): Promise<string | undefined> {
  // A link would lead to the new one.
  const found = await fs.realpath(path).catch((error) => {
    if (codeOf(error) !== "ENOENT") throw error;
    return undefined;
  });
  if (found === undefined) return undefined;
  for (let at = 1; at <= MAX_ASIDE; at++) {
    const aside = at === 1 ? `${path}.damaged` : `${path}.damaged.${at}`;
    try {
      await addName(found, aside, fs);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      continue;
    }
    await syncFolderOf(aside, fs);
    return aside;
  }
  throw new Error(`there are ${MAX_ASIDE} damaged ones beside it already: move them away`);
}

/** A second name takes no room and is there at once, but not every file system has such. */
async function addName(path: string, name: string, fs: Files): Promise<void> {
  await fs.link(path, name).catch(async (error) => {
    if (codeOf(error) === "EEXIST") throw error;
    await fs.copyFile(path, name, COPYFILE_EXCL);
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
