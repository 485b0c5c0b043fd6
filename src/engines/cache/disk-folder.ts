import { BardcastError, messageOf } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";

/** How long `close` waits for files that are still being written. */
const CLOSE_MS = 1_000;
/** Bytes that may wait to be written, and so of one file; what comes on top is not kept. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** Bytes that a file takes at least, and in whole multiples, so that tiny files are bounded too. */
const BLOCK = 4096;
/** Nobody is still writing a file that old, in ms. */
const STALE_MS = 60_000;

const SUFFIX = ".speech";
const OURS = /^[0-9a-f]{64}\.speech$/;
const BESIDE = /^[0-9a-f]{64}\.speech\.[0-9a-f]{8}\.tmp$/;

type Files = NonNullable<ReturnType<typeof fileSystem>>;

export interface DiskFolderOptions {
  /** Bytes of all files. */
  limitBytes: number;
  /** Told once that nothing can be written. */
  log: (message: string) => void;
  /** ms that a read may take before it counts as a miss; default 25: a new synthesis does not take much longer. */
  readMs?: number;
}

/**
 * A folder of files that may vanish: the least recently used go when there are too many bytes, and anybody may
 * delete any or all of them at any time. Reading never takes long, writing is never waited for. Files with
 * names of another kind are left alone.
 */
export class DiskFolder {
  readonly #folder: string;
  readonly #limit: number;
  readonly #log: (message: string) => void;
  readonly #readMs: number;
  readonly #files: Files;
  /** Bytes by name; the least recently used first. */
  readonly #index = new Map<string, number>();
  readonly #waiting = new Map<string, Uint8Array>();
  readonly #scanned: Promise<void>;
  #bytes = 0;
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #hasFailed = false;
  #isClosed = false;

  /** @throws BardcastError `internal` where this runtime has no file system */
  constructor(folder: string, { limitBytes, log, readMs = 25 }: DiskFolderOptions) {
    const files = fileSystem();
    if (!files) throw new BardcastError("internal", `there is no file system here for ${folder}`);
    this.#folder = folder;
    this.#limit = limitBytes;
    this.#log = log;
    this.#readMs = readMs;
    this.#files = files;
    this.#scanned = this.#scan().catch(() => undefined);
  }

  /** What the files take, as far as it is known. */
  get bytes(): number {
    return this.#bytes;
  }

  has(name: string): boolean {
    return this.#index.has(name) || this.#waiting.has(name);
  }

  /** A file's bytes; undefined where there is none, or the disk is slow. */
  async read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#isClosed ? undefined : within(this.#readMs, this.#read(name));
  }

  /** Writes a file some time soon, in the place of the one that is there. */
  write(name: string, bytes: Uint8Array): void {
    const before = this.#waiting.get(name)?.length ?? 0;
    const waiting = this.#waitingBytes + bytes.length - before;
    if (this.#isClosed || blocks(bytes.length) > this.#limit || waiting > MAX_WAITING_BYTES) return;
    this.#waitingBytes = waiting;
    this.#waiting.set(name, bytes);
    this.#writing ??= this.#writeAll();
  }

  async remove(name: string): Promise<void> {
    this.#forget(name);
    await this.#files.rm(this.#path(name), { force: true }).catch(() => undefined);
  }

  /** Takes nothing more; waits a moment for what is still to be written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await within(CLOSE_MS, Promise.all([this.#scanned, this.#writing]));
  }

  async #read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    await this.#scanned;
    const bytes = this.#index.get(name);
    if (bytes === undefined) return undefined;
    this.#index.delete(name);
    this.#index.set(name, bytes);
    const path = this.#path(name);
    try {
      // Not through a link, and no more than was found or written.
      const stat = await this.#files.lstat(path);
      if (!stat.isFile() || blocks(stat.size) !== bytes) throw new Error("not the file that was there");
      const read = new Uint8Array(await this.#files.readFile(path));
      const now = new Date();
      void this.#files.utimes(path, now, now).catch(() => undefined);
      return read;
    } catch {
      await this.remove(name);
      return undefined;
    }
  }

  async #writeAll(): Promise<void> {
    await this.#scanned;
    for (const [name, bytes] of this.#waiting) {
      this.#waiting.delete(name);
      try {
        await this.#write(name, bytes);
      } catch (error) {
        if (!this.#hasFailed) this.#log(`speech cannot be kept in ${this.#folder}: ${messageOf(error)}`);
        this.#hasFailed = true;
      }
      this.#waitingBytes -= bytes.length;
    }
    this.#writing = undefined;
  }

  async #write(name: string, bytes: Uint8Array): Promise<void> {
    const size = blocks(bytes.length);
    await this.remove(name);
    for (const oldest of this.#index.keys()) {
      if (this.#bytes + size <= this.#limit) break;
      await this.remove(oldest);
    }
    const path = this.#path(name);
    const beside = `${path}.${randomId().slice(0, 8)}.tmp`;
    // What was said at a table is for nobody else on the machine.
    await this.#files.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    try {
      await this.#files.writeFile(beside, bytes, { mode: 0o600 });
      await this.#files.rename(beside, path);
    } catch (error) {
      await this.#files.rm(beside, { force: true });
      throw error;
    }
    this.#index.set(name, size);
    this.#bytes += size;
  }

  /** Finds what an earlier run left behind. */
  async #scan(): Promise<void> {
    const found: { name: string; bytes: number; usedAt: number }[] = [];
    for (const file of await this.#files.readdir(this.#folder)) {
      const path = `${this.#folder}/${file}`;
      const stat = await this.#files.lstat(path).catch(() => undefined);
      if (!stat?.isFile()) continue;
      const isLeftover = BESIDE.test(file) && Date.now() - stat.mtimeMs > STALE_MS;
      const isOversized = OURS.test(file) && stat.size > MAX_WAITING_BYTES;
      if (isLeftover || isOversized) await this.#files.rm(path, { force: true });
      if (!OURS.test(file) || isOversized) continue;
      found.push({ name: file.slice(0, -SUFFIX.length), bytes: blocks(stat.size), usedAt: stat.mtimeMs });
    }
    for (const { name, bytes } of found.sort((a, b) => a.usedAt - b.usedAt)) {
      this.#index.set(name, bytes);
      this.#bytes += bytes;
    }
    for (const oldest of this.#index.keys()) {
      if (this.#bytes <= this.#limit) break;
      await this.remove(oldest);
    }
  }

  #forget(name: string): void {
    this.#bytes -= this.#index.get(name) ?? 0;
    this.#index.delete(name);
  }

  #path(name: string): string {
    return `${this.#folder}/${name}${SUFFIX}`;
  }
}

// Not imported, so that this bundles for places that have no files; the type comes with the call.
function fileSystem() {
  return globalThis.process?.getBuiltinModule?.("fs/promises");
}

function blocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}

/** The promise's value if it comes within `ms`, else undefined. The promises given here never reject. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
