import { BardcastError } from "../core/errors.ts";
import { randomId } from "../core/id.ts";

/** One text that lasts: a file, or memory. */
export interface TextStore {
  /** For messages: where it is. */
  readonly name: string;
  /** The text, or undefined where there is none yet. */
  read(): Promise<string | undefined>;
  /** Replaces the text whole or not at all. */
  write(text: string): Promise<void>;
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
 * A file. Writing makes its folder and is atomic: beside, then renamed.
 * @param options.mode who may read and write it; by default the mode it has is kept, and a new file is for all to read
 * @throws BardcastError `internal` where this runtime has no file system
 */
export function fileStore(path: string, options: { mode?: number } = {}): TextStore {
  // Not imported, so that this bundles for places that have no files.
  const fs = globalThis.process?.getBuiltinModule?.("fs/promises");
  if (!fs) throw new BardcastError("internal", `there is no file system here for ${path}; pass a TextStore`);
  return {
    name: path,
    async read() {
      try {
        return await fs.readFile(path, "utf8");
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async write(text) {
      const beside = `${path}.${randomId().slice(0, 8)}.tmp`;
      await fs.mkdir(path.replace(/[/\\][^/\\]*$/, ""), { recursive: true });
      const mode =
        options.mode ??
        (await fs.stat(path).then(
          (stat) => stat.mode & 0o777,
          () => 0o644,
        ));
      try {
        await fs.writeFile(beside, text, { mode, flush: true });
        await fs.rename(beside, path);
      } catch (error) {
        await fs.rm(beside, { force: true });
        throw error;
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
