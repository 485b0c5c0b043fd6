import { randomId } from "../../core/id.ts";
import { isElsewhere, markOf, ownProcess, type Processes, type ProcessMark, stillRuns } from "./processes.ts";
import type { StoreFiles } from "./store-files.ts";
import { StoreLostError } from "./store-health.ts";

const FILE = "bardcast.lock";
const MAX_BYTES = 1024;
/** Tries to take a lock that others are taking as well. */
const TRIES = 3;

/** Who has a folder. */
interface Holder extends ProcessMark {
  id: string;
}

/**
 * One process writes in a folder. A lock whose process is gone, or whose number is now another's, holds nobody up; where
 * nobody tells whether it still runs (on Deno without `--allow-run`, in another container, on another machine), whoever
 * comes later has the folder, and the other one finds that out before it writes the next time.
 */
export class FolderLock {
  readonly #folder: string;
  readonly #files: StoreFiles;
  readonly #id: string;
  /** Who had it before, on another machine, and may still run there: in words. */
  readonly takenFrom: string | undefined;
  /** As it was found last: one look at it is enough as long as it is the same. */
  #identity: string | undefined;

  private constructor(folder: string, files: StoreFiles, id: string, takenFrom: string | undefined) {
    this.#folder = folder;
    this.#files = files;
    this.#id = id;
    this.takenFrom = takenFrom;
  }

  /** @throws StoreLostError where a process that runs has it, and what the files throw */
  static async take(
    folder: string,
    files: StoreFiles,
    processes: Processes = ownProcess(),
  ): Promise<FolderLock> {
    const path = `${folder}/${FILE}`;
    const id = randomId();
    const own: Holder = { id, ...(await markOf(processes)) };
    let takenFrom: string | undefined;
    for (let tries = 0; ; tries++) {
      if (await files.create(path, new TextEncoder().encode(JSON.stringify(own)))) break;
      const holder = await holderIn(path, files);
      if (tries >= TRIES || (holder && (await stillRuns(holder, processes)))) throw inUse(holder);
      if (holder && isElsewhere(holder, processes)) takenFrom = named(holder);
      await files.remove(path);
    }
    return new FolderLock(folder, files, id, takenFrom);
  }

  /**
   * Whether it is still there; false where the folder was deleted.
   * @throws StoreLostError where another process has it now
   */
  async holds(): Promise<boolean> {
    const path = `${this.#folder}/${FILE}`;
    const identity = await this.#files.identify(path);
    if (identity === undefined) return false;
    if (identity === this.#identity) return true;
    const holder = await holderIn(path, this.#files);
    if (holder && holder.id !== this.#id) throw inUse(holder);
    this.#identity = identity;
    return holder !== undefined;
  }

  async release(): Promise<void> {
    const path = `${this.#folder}/${FILE}`;
    const holder = await holderIn(path, this.#files).catch(() => undefined);
    if (holder?.id === this.#id) await this.#files.remove(path).catch(() => undefined);
  }
}

async function holderIn(path: string, files: StoreFiles): Promise<Holder | undefined> {
  const bytes = await files.read(path, MAX_BYTES);
  if (!bytes) return undefined;
  try {
    const { id, pid, ...mark } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Holder>;
    return { ...mark, id: String(id), pid: Number(pid) };
  } catch {
    // It was being written when the power went.
    return { id: "", pid: 0 };
  }
}

function inUse(holder: Holder | undefined): StoreLostError {
  const who = holder && holder.pid > 0 ? `, ${named(holder)}` : "";
  return new StoreLostError(
    `another Bardcast has it${who}; end that one, or give this one a folder of its own`,
  );
}

function named({ pid, host }: Holder): string {
  return `process ${pid}${host === undefined ? "" : ` on ${host}`}`;
}
