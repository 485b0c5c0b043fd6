import type { WaitLimit } from "../core/async/abortable.ts";
import { BardcastError, messageOf } from "../core/errors.ts";
import { randomId } from "../core/id.ts";
import { syncFolderOf } from "./files.ts";

/** One text that lasts: a file, or memory. */
export interface TextStore {
  /** For messages: where it is. */
  readonly name: string;
  /** The text, or undefined where there is none yet. */
  read(): Promise<string | undefined>;
  /** Replaces the text whole or not at all. */
  write(text: string): Promise<void>;
  /** Says something else whenever the text has changed; undefined where there is none. Without it nobody notices. */
  stamp?(): Promise<string | undefined>;
  /**
   * Keeps the text as it is beside it, before another one takes its place; left out where that cannot be.
   * @returns where it is kept; undefined where there is none
   */
  keepAside?(): Promise<string | undefined>;
}

/** ms that the place where a text is kept may take to read or write it. */
const STORE_MS = 10_000;

/** Half-written files of which a store remembers that they are there; the next start finds all of them. */
const MAX_LEFT = 16;

/** How long a store is waited for. */
export function storeLimit({ name }: Pick<TextStore, "name">): WaitLimit {
  const message = `${name} did not answer within ${STORE_MS} ms`;
  return { ms: STORE_MS, late: () => new BardcastError("internal", message, { retryable: true }) };
}

/** A text that lasts as long as the object. */
export function memoryStore(text?: string): TextStore {
  let kept = text;
  return {
    name: "memory",
    read: () => Promise.resolve(kept),
    write(next) {
      kept = next;
      return Promise.resolve();
    },
  };
}

/**
 * A file. Writing makes its folder and is atomic: beside, then renamed. Where it is a link, what it leads to is written,
 * and the link stays; a file that is read-only stays as it is.
 * @param options.mode who may read and write it; by default the mode it has is kept, and a new file is for all to read
 * @param options.folderMode the same of its folder where that is made; by default it is for all to read
 * @throws BardcastError `internal` where this runtime has no file system; writing: `registry-unsaved`, and why
 */
export function fileStore(path: string, options: { mode?: number; folderMode?: number } = {}): TextStore {
  // Not imported, so that this bundles for places that have no files.
  const fs = globalThis.process?.getBuiltinModule?.("fs/promises");
  if (!fs) throw new BardcastError("internal", `there is no file system here for ${path}; pass a TextStore`);

  /** Written by half, and not to be deleted then: they go with the next text. */
  const left = new Set<string>();
  const remove = async (beside: string): Promise<void> => {
    await fs.rm(beside, { force: true }).then(
      () => left.delete(beside),
      () => left.size < MAX_LEFT && left.add(beside),
    );
  };

  async function replace(target: string, text: string): Promise<void> {
    const beside = `${target}.${randomId().slice(0, 8)}.tmp`;
    const found = await fs?.stat(target).catch(noneIfMissing);
    const mode = found === undefined ? 0o644 : found.mode & 0o777;
    // A rename asks the folder only: a file that somebody protected would be replaced in silence.
    if ((mode & 0o222) === 0) throw unsaved(path, "it is read-only; make it writable, then save again");
    try {
      await fs?.writeFile(beside, text, { mode: options.mode ?? mode, flush: true });
      await fs?.rename(beside, target);
      if (fs) await syncFolderOf(target, fs);
    } catch (error) {
      await remove(beside);
      throw error;
    }
    for (const half of left) await remove(half);
  }

  return {
    name: path,
    read: () => fs.readFile(path, "utf8").catch(noneIfMissing),
    async stamp() {
      const found = await fs.stat(path).catch(noneIfMissing);
      return found && [found.mtimeMs, found.size, found.ino].join(" ");
    },
    async write(text) {
      try {
        const { folderMode: mode = 0o777 } = options;
        await fs.mkdir(path.replace(/[/\\][^/\\]*$/, ""), { recursive: true, mode });
        const isLink = (await fs.lstat(path).catch(noneIfMissing))?.isSymbolicLink() ?? false;
        const target = isLink ? await fs.realpath(path).catch(noneIfMissing) : path;
        if (target === undefined) throw unsaved(path, "it is a link to a file that is not there");
        await replace(target, text);
      } catch (error) {
        throw error instanceof BardcastError ? error : unsaved(path, messageOf(error), error);
      }
    },
  };
}

/** A text cannot be kept there, and why. */
export function unsaved(path: string, why: string, cause?: unknown): BardcastError {
  return new BardcastError("registry-unsaved", `${path} is not saved: ${why}`, { cause });
}

/** Nothing where the file is missing, or another one stands in the place of its folder. @throws what is something else */
function noneIfMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
    return undefined;
  throw error;
}
