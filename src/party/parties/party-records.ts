import { BardcastError } from "../../core/errors.ts";

/** What is used of `node:fs/promises`. */
interface RecordFiles {
  readdir(
    path: string,
    options: { withFileTypes: true },
  ): Promise<{ name: string; isDirectory(): boolean }[]>;
  rm(path: string, options: { recursive: boolean; force: boolean }): Promise<void>;
}

/** Of one case, so that no file system takes two for one; no path. */
const PARTY_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** @throws BardcastError `bad-request` where it cannot be a party's id */
export function requirePartyId(id: string): void {
  if (PARTY_ID.test(id)) return;
  const message = `"${id.slice(0, 64)}" cannot be a party's id: use 1-64 small letters, digits, - and _`;
  throw new BardcastError("bad-request", message);
}

/** Which parties there are: each has a folder of its own, by its id. Without a folder they last as long as the process. */
export class PartyRecords {
  readonly #dir: string | undefined;
  readonly #files: RecordFiles | undefined;
  readonly #ids: Set<string>;

  private constructor(dir: string | undefined, files: RecordFiles | undefined, ids: readonly string[]) {
    this.#dir = dir;
    this.#files = files;
    this.#ids = new Set(ids);
  }

  /** Looks which there are. @throws BardcastError `internal` where this runtime has no file system, or it cannot be read */
  static async open(dir: string | undefined): Promise<PartyRecords> {
    if (dir === undefined) return new PartyRecords(undefined, undefined, []);
    const files = globalThis.process?.getBuiltinModule?.("fs/promises") as RecordFiles | undefined;
    if (!files) throw new BardcastError("internal", `there is no file system here for ${dir}`);
    const found = await files.readdir(dir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw new BardcastError("internal", `${dir} cannot be read: which parties there are is not known`, {
        cause: error,
      });
    });
    const ids = found.filter((entry) => entry.isDirectory() && PARTY_ID.test(entry.name));
    return new PartyRecords(dir, files, ids.map(({ name }) => name).sort());
  }

  /** Whether parties outlast the process, and may sleep. */
  get areKept(): boolean {
    return this.#dir !== undefined;
  }

  get size(): number {
    return this.#ids.size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** The folder of a party; undefined where nothing is kept. */
  folderOf(id: string): string | undefined {
    return this.#dir === undefined ? undefined : `${this.#dir}/${id}`;
  }

  /** Ids in order. @param page.after those behind this one */
  list({ after, limit }: { after?: string | undefined; limit: number }): string[] {
    const all = [...this.#ids].sort();
    return (after === undefined ? all : all.filter((id) => id > after)).slice(0, limit);
  }

  add(id: string): void {
    this.#ids.add(id);
  }

  /** Nobody finds it any more. */
  forget(id: string): void {
    this.#ids.delete(id);
  }

  /** Deletes all that was kept of it. @throws whatever the file system throws */
  async erase(id: string): Promise<void> {
    requirePartyId(id);
    const folder = this.folderOf(id);
    if (folder !== undefined) await this.#files?.rm(folder, { recursive: true, force: true });
  }
}
