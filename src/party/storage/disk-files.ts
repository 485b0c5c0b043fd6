import { BardcastError } from "../../core/errors.ts";
import { syncFolderOf } from "../../voices/files.ts";
import { keepAside } from "./keep-aside.ts";
import type { StoreFiles } from "./store-files.ts";

const OWN_MODE = 0o600;

type Fs = NonNullable<ReturnType<typeof fileSystem>>;
type Handle = Awaited<ReturnType<Fs["open"]>>;

/** The disk. @throws BardcastError `internal` where this runtime has no file system */
export function diskFiles(): StoreFiles {
  const found = fileSystem();
  if (!found) throw new BardcastError("internal", "there is no file system here");
  const fs = found;

  async function using<T>(file: Handle, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      await file.close();
    }
  }

  return {
    async read(path, maxBytes) {
      const found = await fs.stat(path).catch(noneIfMissing);
      if (!found) return undefined;
      // To open a pipe that nobody writes into never ends, and of a folder it is not said which.
      if (!found.isFile()) throw new Error(`${path} is no file`);
      const file = await fs.open(path, "r").catch(noneIfMissing);
      if (!file) return undefined;
      return using(file, async () => {
        const { size } = await file.stat();
        const bytes = new Uint8Array(Math.min(size, maxBytes));
        let filled = 0;
        while (filled < bytes.length) {
          const place = size - bytes.length + filled;
          const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, place);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return bytes.subarray(0, filled);
      });
    },
    async identify(path) {
      const stat = await fs.stat(path).catch(noneIfMissing);
      return stat && `${stat.ino} ${stat.mtimeMs}`;
    },
    async openAppend(path) {
      const file = await fs.open(path, "a", OWN_MODE);
      return {
        append: (bytes) => writeAll(file, bytes),
        sync: () => file.datasync(),
        async isAt(place) {
          const [own, found] = await Promise.all([file.stat(), fs.stat(place).catch(noneIfMissing)]);
          return own.ino === found?.ino;
        },
        close: () => file.close(),
      };
    },
    async create(path, bytes) {
      const file = await fs.open(path, "wx", OWN_MODE).catch(noneIfThere);
      if (!file) return false;
      await using(file, () => writeAll(file, bytes));
      return true;
    },
    async rename(from, to) {
      await fs.rename(from, to);
      await syncFolderOf(to, fs);
    },
    keepAside: (path) => keepAside(path),
    remove: (path) => fs.rm(path, { force: true }),
  };
}

/** Closes a file to all but its owner: one that was copied here may be open to everybody. */
export async function makePrivate(path: string): Promise<void> {
  const { mode } = (await fileSystem()
    ?.stat(path)
    .catch(() => undefined)) ?? { mode: OWN_MODE };
  // Whoever may not do this may still be able to write there.
  if ((mode & 0o077) !== 0)
    await fileSystem()
      ?.chmod(path, mode & 0o700)
      .catch(() => undefined);
}

/** The system may take less than it was given. */
async function writeAll(file: Handle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

// Not imported, so that this bundles for places that have no files; the type comes with the call.
function fileSystem() {
  return globalThis.process?.getBuiltinModule?.("fs/promises");
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function noneIfMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

function noneIfThere(error: unknown): undefined {
  if (codeOf(error) !== "EEXIST") throw error;
}
