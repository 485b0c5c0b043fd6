import { FolderLock } from "./folder-lock.ts";
import type { StoreFiles } from "./store-files.ts";

export interface WriteRightOptions {
  files: StoreFiles;
  makeFolder: () => Promise<void>;
  /** Called once, when the right was taken first: nobody else writes there. Never rejects. */
  tidyUp: () => Promise<void>;
  /** Told once that the folder was deleted, and when it was taken from somebody who may still run. */
  log: (message: string) => void;
}

/** A process's right to write in a folder: taken when it is wanted first, and again where the folder was deleted. */
export class WriteRight {
  readonly #folder: string;
  readonly #options: WriteRightOptions;
  #lock: Promise<FolderLock> | undefined;
  #wasDeleted = false;
  #isTidy = false;
  #isTold = false;
  #remade: () => void = () => undefined;

  constructor(folder: string, options: WriteRightOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Calls `listener` whenever the folder was made again. */
  onRemade(listener: () => void): void {
    this.#remade = listener;
  }

  /**
   * Looks before something is written. Resolves with what the right rests on: another lock where the folder is another.
   * @throws StoreLostError where another process has it, and what the files throw
   */
  async guard(): Promise<FolderLock> {
    this.#lock ??= this.#take();
    const held = this.#lock;
    const lock = await held.catch((error) => {
      // It may be free another time.
      if (this.#lock === held) this.#lock = undefined;
      throw error;
    });
    if (await lock.holds()) return lock;
    if (this.#lock === held) {
      this.#wasDeleted = true;
      this.#tell();
      this.#lock = this.#take();
    }
    return this.guard();
  }

  async release(): Promise<void> {
    await this.#lock?.then((lock) => lock.release()).catch(() => undefined);
  }

  async #take(): Promise<FolderLock> {
    // It may be gone again before there is a lock in it.
    await this.#options.makeFolder();
    const lock = await FolderLock.take(this.#folder, this.#options.files);
    const { takenFrom } = lock;
    if (takenFrom !== undefined)
      this.#options.log(
        `${this.#folder} was written by ${takenFrom}, which may still run: from now on this Bardcast writes there, and ` +
          "that one stops as soon as it notices; two at once need a folder each",
      );
    if (!this.#isTidy) await this.#options.tidyUp();
    this.#isTidy = true;
    if (this.#wasDeleted) this.#remade();
    this.#wasDeleted = false;
    return lock;
  }

  #tell(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#options.log(
      `${this.#folder} was deleted while it is in use: it is made again, with all that was to be kept but the voices; ` +
        "to be rid of it, end Bardcast first",
    );
  }
}
