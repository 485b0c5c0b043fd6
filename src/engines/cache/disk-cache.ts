import type { Wanted } from "../render/sound-check.ts";
import { digestOf } from "./digest.ts";
import { DiskFolder, type DiskFolderOptions } from "./disk-folder.ts";
import type { KeptSentence } from "./kept-sentence.ts";
import { isPlausible } from "./kept-sound-check.ts";
import { decodeSentenceFile, encodeSentenceFile } from "./sentence-file.ts";

/** Sentences that outlast the process, one a file, named by nothing but a hash. */
export class DiskCache {
  readonly #folder: DiskFolder;
  readonly #encoding = new Set<Promise<void>>();

  /** @throws BardcastError `internal` where this runtime has no file system */
  constructor(folder: string, options: DiskFolderOptions) {
    this.#folder = new DiskFolder(folder, options);
  }

  /** What the files take, as far as it is known. */
  get bytes(): number {
    return this.#folder.bytes;
  }

  async has(key: string): Promise<boolean> {
    return this.#folder.has(await digestOf(key));
  }

  /**
   * What was kept; undefined where there is nothing, or nothing that could be trusted, which is removed.
   * @param wanted what it has to be able to be
   */
  async get(key: string, wanted: Wanted): Promise<KeptSentence | undefined> {
    const name = await digestOf(key);
    const file = await this.#folder.read(name);
    const sentence = file && (await decodeSentenceFile(name, file));
    if (sentence && (await isPlausible(sentence, wanted))) return sentence;
    if (file) await this.#folder.remove(name);
    return undefined;
  }

  /** Keeps it some time soon. */
  set(key: string, sentence: KeptSentence): void {
    const encoding = this.#write(key, sentence).finally(() => this.#encoding.delete(encoding));
    this.#encoding.add(encoding);
  }

  /** Waits a moment for what is still to be written. */
  async close(): Promise<void> {
    await Promise.all(this.#encoding);
    await this.#folder.close();
  }

  async #write(key: string, sentence: KeptSentence): Promise<void> {
    const name = await digestOf(key);
    this.#folder.write(name, await encodeSentenceFile(name, sentence));
  }
}
