/** A file that is only added to. */
export interface AppendFile {
  /** Adds all of the bytes. @throws where it cannot; some of them may be in the file then */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when what was added outlasts a loss of power. */
  sync(): Promise<void>;
  /** Whether it is what that path leads to; false where it was deleted, or another one was put in its place. */
  isAt(path: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * What the store needs of a file system: one on disk, or one in memory that fails when it is told to. Files are for
 * nobody else on the machine. What is thrown says in `code` what it is, as Node.js does (`ENOSPC`).
 */
export interface StoreFiles {
  /** The last `maxBytes` of a file; undefined where there is none. */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Identifies a file, so that another one put in its place is noticed; undefined where there is no file. */
  identify(path: string): Promise<string | undefined>;
  /** Opens a file to be added to; makes it where there is none. */
  openAppend(path: string): Promise<AppendFile>;
  /** Makes a file; false where there is one. */
  create(path: string, bytes: Uint8Array): Promise<boolean>;
  /** Puts a file into the place of another, for good. */
  rename(from: string, to: string): Promise<void>;
  /**
   * Keeps a file under another name beside it as well, which no file has yet. @returns that; undefined where there is no
   * such file
   */
  keepAside(path: string): Promise<string | undefined>;
  /** Removes a file, or finds none. */
  remove(path: string): Promise<void>;
}
