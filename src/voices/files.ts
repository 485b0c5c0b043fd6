import { BardcastError } from "../core/errors.ts";

/** A file that is open for reading. */
export interface OpenFile {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** The parts of `node:fs/promises` that are used; what types there are for it depends on the runtime. */
export interface Files {
  readdir(path: string): Promise<string[]>;
  readFile(path: string, encoding: "utf8"): Promise<string>;
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
  stat(path: string): Promise<{ size: number; mtimeMs: number; isDirectory(): boolean }>;
  lstat(path: string): Promise<{ isSymbolicLink(): boolean }>;
  open(path: string, flags: "r"): Promise<OpenFile & { sync(): Promise<void> }>;
  appendFile(path: string, bytes: Uint8Array): Promise<void>;
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  copyFile(from: string, to: string, mode: number): Promise<void>;
  realpath(path: string): Promise<string>;
  mkdir(path: string, options: { recursive: boolean; mode?: number }): Promise<unknown>;
  rm(path: string, options: { force: boolean }): Promise<void>;
}

/** The file system. @throws BardcastError `internal` where this runtime has none */
export function files(): Files {
  // Not imported, so that this bundles for places that have no files.
  const found: unknown = globalThis.process?.getBuiltinModule?.("fs/promises");
  if (!found) throw new BardcastError("internal", "there is no file system here");
  return found as Files;
}

/**
 * Names in a file's folder outlast a loss of power from then on. Not every file system lets a folder be synchronised;
 * those that need it do.
 */
export async function syncFolderOf(
  path: string,
  fs: { open(path: string, flags: "r"): Promise<{ sync(): Promise<void>; close(): Promise<void> }> },
): Promise<void> {
  const folder = await fs.open(path.replace(/[/\\][^/\\]*$/, ""), "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close().catch(() => undefined);
}
