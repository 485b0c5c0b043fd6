import { type Disk, type Node, systemError } from "./disk.ts";
import type { Realm } from "./virtual-world.ts";

/** A file that a process has open. */
interface OpenNode {
  stat(): Promise<{ size: number; ino?: unknown }>;
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  write(bytes: Uint8Array, offset?: number): Promise<{ bytesWritten: number }>;
  datasync(): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** As much of `node:fs/promises` as the store of a table uses. */
interface DiskCalls {
  open(path: string, flags: string, mode?: number): Promise<OpenNode>;
  readFile(path: string): Promise<string>;
  writeFile(path: string, text: string, options?: { mode?: number; flush?: boolean }): Promise<void>;
  readdir(path: string): Promise<string[]>;
  stat(path: string): Promise<object>;
  lstat(path: string): Promise<object>;
  realpath(path: string): Promise<string>;
  mkdir(path: string, options?: { mode?: number }): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  rm(path: string, options?: { force?: boolean }): Promise<void>;
}

/** Bytes that one call takes at most, now and then less: the system may take less than it is given. */
const MOST_BYTES = 4096;

/** A disk as one process sees it. */
export function diskCalls(disk: Disk, realm: Realm): DiskCalls {
  const found = (path: string): Node => {
    const node = disk.names.get(path);
    if (!node) throw systemError("ENOENT", path);
    return node;
  };
  const change = (path: string): void => {
    if (disk.has("read-only")) throw systemError("EROFS", path);
  };
  /** A new file, where there is a folder for it. */
  const make = (path: string, mode: number): Node => {
    found(path.slice(0, path.lastIndexOf("/")));
    const node = disk.make(mode);
    disk.rename((names) => void names.set(path, node));
    return node;
  };
  const does = <T>(act: (share: number) => T): Promise<T> => disk.operate(realm, act);

  function opened(node: Node, path: string): OpenNode {
    return {
      stat: () => does(() => statOf(node)),
      read: (into, offset, length, position) =>
        does(() => {
          const bytes = node.bytes.subarray(position, position + Math.min(length, MOST_BYTES));
          into.set(bytes, offset);
          return { bytesRead: bytes.length };
        }),
      write: (bytes, offset = 0) =>
        does((share) => {
          change(path);
          const most = Math.min(bytes.length - offset, MOST_BYTES);
          const part = bytes.subarray(offset, offset + Math.ceil(share * most));
          disk.add(node, part, path);
          return { bytesWritten: part.length };
        }),
      datasync: () => does(() => disk.sync(node)),
      sync: () => does(() => disk.sync(node)),
      close: () => does(() => undefined),
    };
  }

  return {
    open: (path, flags, mode = 0o644) =>
      does(() => {
        if (flags === "r") return opened(found(path), path);
        change(path);
        if (flags === "wx" && disk.names.has(path)) throw systemError("EEXIST", path);
        return opened(disk.names.get(path) ?? make(path, mode), path);
      }),
    readFile: (path) =>
      does(() => (path.startsWith("/proc/") ? startOf(realm) : new TextDecoder().decode(found(path).bytes))),
    writeFile: (path, text, { mode = 0o644, flush = false } = {}) =>
      does((share) => {
        change(path);
        const node = disk.names.get(path) ?? make(path, mode);
        const bytes = new TextEncoder().encode(text);
        node.bytes = new Uint8Array();
        node.synced = 0;
        disk.add(node, bytes.subarray(0, Math.ceil(share * bytes.length)), path);
        if (flush && share === 1) disk.sync(node);
      }),
    readdir: (path) =>
      does(() => {
        found(path);
        const inside = [...disk.names.keys()].filter((name) => name.startsWith(`${path}/`));
        return inside.map((name) => name.slice(path.length + 1));
      }),
    stat: (path) => does(() => statOf(found(path))),
    lstat: (path) => does(() => statOf(found(path))),
    realpath: (path) => does(() => path),
    mkdir: (path, { mode = 0o755 } = {}) =>
      does(() => {
        if (disk.names.has(path)) return;
        change(path);
        const node = disk.make(mode, true);
        disk.rename((names) => void names.set(path, node));
      }),
    chmod: (path, mode) =>
      does(() => {
        change(path);
        found(path).mode = mode;
      }),
    rename: (from, to) =>
      does(() => {
        change(to);
        const node = found(from);
        disk.rename((names) => {
          names.delete(from);
          names.set(to, node);
        });
      }),
    link: (from, to) =>
      does(() => {
        change(to);
        const node = found(from);
        if (disk.names.has(to)) throw systemError("EEXIST", to);
        disk.rename((names) => void names.set(to, node));
      }),
    rm: (path, { force = false } = {}) =>
      does(() => {
        if (!disk.names.has(path) && force) return;
        found(path);
        change(path);
        disk.rename((names) => void names.delete(path));
      }),
  };
}

function statOf({
  bytes,
  number,
  mode,
  changedAt,
  isFolder,
}: Node): { size: number } & Record<string, unknown> {
  return {
    size: bytes.length,
    ino: number,
    mode,
    mtimeMs: changedAt,
    isDirectory: () => isFolder,
    isFile: () => !isFolder,
    isSymbolicLink: () => false,
  };
}

/** What Linux tells of a process, in which all have the same number, one after the other. */
function startOf({ name }: Realm): string {
  return `1 (bun) ${"0 ".repeat(19)}${name.replaceAll(" ", "-")} 0`;
}
