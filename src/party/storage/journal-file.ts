import { within } from "../../core/async/abortable.ts";
import { type Deferred, deferred } from "../../core/async/deferred.ts";
import { nextTurn } from "../../core/async/time-slicer.ts";
import { encodeRecord } from "./journal-line.ts";
import type { AppendFile, StoreFiles } from "./store-files.ts";
import type { StoreHealth } from "./store-health.ts";

/** ms that a disk may take: nobody waits longer for it. */
const PATIENCE_MS = 2_000;
/** ms between two tries to write everything anew. */
const RETRY_MS = 5_000;
/** Records that may wait to be written; beyond it everything is written anew. */
const MAX_WAITING = 10_000;
/** A file that is no larger is never written anew for its size. */
const SMALL_BYTES = 128 * 1024;
/** Records are made into text this many at a time. */
const SLICE = 64;

export interface JournalFileOptions {
  files: StoreFiles;
  health: StoreHealth;
  /** Rejects where the file is not this process's to write any more; another answer means another folder, without it. */
  guard: () => Promise<unknown>;
  /** All records that are worth keeping, those that wait to be written among them, oldest first. */
  kept: () => readonly object[];
  /** Of what is there already. */
  bytes: number;
  /** Nothing may be appended to the file. */
  isTorn: boolean;
  /** It is to be kept under another name before it is written anew. */
  isDamaged?: boolean;
  /** A clock in ms. */
  now: () => number;
}

/** What a file took so far, in counts and bytes. */
export interface JournalTotals {
  /** Times records were written and flushed, in one go each. */
  writes: number;
  /** Times they could not be. */
  failures: number;
  /** Of records, those that were written anew among them. */
  bytes: number;
  /** Times the file was written anew. */
  compactions: number;
  /** Records that wait for the disk now. */
  waiting: number;
}

/**
 * A file that records are added to, with one writer. What is added in one turn, and while the disk is busy, is written and
 * synchronised in one go; what cannot be written is written, with all the rest, as soon as it can.
 */
export class JournalFile {
  readonly #path: string;
  readonly #options: JournalFileOptions;
  #file: AppendFile | undefined;
  #bytes: number;
  /** Of the file when it held only what was worth keeping. */
  #keptBytes: number;
  #isTorn: boolean;
  #isDamaged: boolean;
  #folder: unknown;
  /** When nothing could be written last. */
  #failedAt: number | undefined;
  #waiting: object[] = [];
  readonly #totals = { writes: 0, failures: 0, bytes: 0, compactions: 0 };
  /** Settles with those that wait; with those that are being written. */
  #next: Deferred<void> | undefined;
  #writing: Deferred<void> | undefined;
  #isRunning = false;
  #isClosed = false;
  /** The disk was waited for in vain, and has not answered since. */
  #isHung = false;

  constructor(path: string, options: JournalFileOptions) {
    this.#path = path;
    this.#options = options;
    this.#bytes = this.#keptBytes = options.bytes;
    this.#isTorn = options.isTorn;
    this.#isDamaged = options.isDamaged ?? false;
  }

  get totals(): JournalTotals {
    return { ...this.#totals, waiting: this.#waiting.length };
  }

  /** Has a record written soon. Never throws. */
  add(record: object): void {
    if (this.#isClosed) return;
    this.#waiting.push(record);
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.length = 0;
      this.#isTorn = true;
    }
    this.#begin();
  }

  /** Resolves when all that was added is durable, or cannot be; never later than the patience with a disk. */
  async settled(): Promise<void> {
    const due = this.#next ?? this.#writing;
    if (!due || this.#isHung) return;
    const late = (): Error => new Error(`the disk did not answer within ${PATIENCE_MS} ms`);
    await within(due.promise, { ms: PATIENCE_MS, late }).catch((error) => {
      this.#isHung = true;
      this.#options.health.failed(error);
    });
  }

  /** Nothing is added any more; what was is tried once more where it could not be written. */
  async close(): Promise<void> {
    this.#failedAt = undefined;
    if (this.#isTorn && !this.#isHung) this.#begin();
    this.#isClosed = true;
    await this.settled();
    await this.#close();
  }

  #begin(): void {
    this.#next ??= deferred();
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    // Records added in this turn are written along; listeners are told in the next turn, before that.
    await nextTurn();
    await nextTurn();
    while (this.#next) {
      const done = this.#next;
      this.#writing = done;
      this.#next = undefined;
      await this.#write();
      this.#writing = undefined;
      this.#isHung = false;
      done.resolve();
    }
    this.#isRunning = false;
  }

  async #write(): Promise<void> {
    const { health, now } = this.#options;
    // The clock may jump.
    const isEarly = this.#failedAt !== undefined && Math.abs(now() - this.#failedAt) < RETRY_MS;
    const isDue = this.#isTorn ? !isEarly : this.#waiting.length > 0;
    if (!isDue) {
      // All of it is written anew another time.
      this.#waiting.length = 0;
      return;
    }
    try {
      await this.#try().catch(() => {
        // Whoever deletes the folder may do it in the middle of the first try.
        this.#isTorn = true;
        return this.#try();
      });
      this.#failedAt = undefined;
      this.#totals.writes += 1;
      health.written();
    } catch (error) {
      this.#failedAt = now();
      this.#totals.failures += 1;
      await this.#close();
      health.failed(error);
    }
  }

  async #try(): Promise<void> {
    await this.#follow(await this.#options.guard());
    if (this.#isTorn || this.#isLarge) await this.#writeAnew();
    else await this.#append();
    if (await this.#follow(await this.#options.guard())) throw new Error("the folder was deleted meanwhile");
  }

  /** What is written into a file of a folder that was deleted is nowhere. @returns whether it was */
  async #follow(folder: unknown): Promise<boolean> {
    const isAnother = this.#folder !== undefined && this.#folder !== folder;
    this.#folder = folder;
    if (!isAnother) return false;
    this.#isTorn = true;
    await this.#close();
    return true;
  }

  get #isLarge(): boolean {
    return this.#bytes > Math.max(SMALL_BYTES, 2 * this.#keptBytes);
  }

  async #append(): Promise<void> {
    const text = this.#waiting.splice(0).map(encodeRecord).join("");
    const bytes = new TextEncoder().encode(text);
    this.#file ??= await this.#options.files.openAppend(this.#path);
    await this.#file.append(bytes);
    await this.#file.sync();
    if (!(await this.#file.isAt(this.#path))) throw new Error(`${this.#path} was deleted, or replaced`);
    this.#bytes += bytes.length;
    this.#totals.bytes += bytes.length;
  }

  /** Writes all that is worth keeping beside the file, and puts it in its place. */
  async #writeAnew(): Promise<void> {
    const { files, kept } = this.#options;
    if (this.#isDamaged) await files.keepAside(this.#path);
    this.#isDamaged = false;
    const beside = `${this.#path}.tmp`;
    await files.remove(beside);
    const file = await files.openAppend(beside);
    // From here on what is added is written after it.
    const records = kept();
    this.#waiting.length = 0;
    this.#isTorn = false;
    let size = 0;
    try {
      for (let at = 0; at < records.length; at += SLICE) {
        const text = records
          .slice(at, at + SLICE)
          .map(encodeRecord)
          .join("");
        const bytes = new TextEncoder().encode(text);
        await file.append(bytes);
        size += bytes.length;
      }
      await file.sync();
      // On Windows nothing takes the place of a file that is open.
      await this.#close();
      await files.rename(beside, this.#path);
    } catch (error) {
      await file.close().catch(() => undefined);
      await files.remove(beside).catch(() => undefined);
      this.#isTorn = true;
      throw error;
    }
    this.#file = file;
    this.#bytes = this.#keptBytes = size;
    this.#totals.bytes += size;
    this.#totals.compactions += 1;
  }

  async #close(): Promise<void> {
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
  }
}
