import type { AppendFile, StoreFiles } from "../../src/party/storage/store-files.ts";

let nextId = 1;

interface Stored {
  bytes: Uint8Array;
  /** Bytes that outlast a loss of power. */
  synced: number;
  id: string;
}

/** What an operation is about to do. */
export interface Operation {
  /** From 0. */
  index: number;
  name: "append" | "sync" | "open" | "create" | "rename" | "remove" | "read" | "link";
  path: string;
}

/** What goes wrong with it: it fails with a code, after so many bytes; it takes long; nobody lives to see it end. */
export type Fault =
  | { code: string; afterBytes?: number }
  | { dies: true; afterBytes?: number }
  | { takes: Promise<unknown> }
  | { hangs: true };

/** A disk in memory, which fails, dies and forgets as it is told to. */
export class MemoryFiles implements StoreFiles {
  readonly operations: Operation[] = [];
  /** Asked before each operation. */
  fault: (operation: Operation) => Fault | undefined = () => undefined;
  readonly #files = new Map<string, Stored>();
  #isDead = false;

  /** What a file has in it. */
  text(path: string): string | undefined {
    const file = this.#files.get(path);
    return file && new TextDecoder().decode(file.bytes);
  }

  put(path: string, bytes: Uint8Array): void {
    this.#files.set(path, { bytes, synced: bytes.length, id: `${nextId++}` });
  }

  get paths(): string[] {
    return [...this.#files.keys()].sort();
  }

  /** Everything is gone, as where somebody deletes the folder. */
  deleteAll(): void {
    this.#files.clear();
  }

  /**
   * The disk after the machine was started again: what was synchronised, and of the rest as many bytes of each file as
   * the system had got round to. A process that was killed leaves all it has written.
   */
  afterwards(how: "power" | "kill" = "power", unsyncedBytes = 0): MemoryFiles {
    const next = new MemoryFiles();
    for (const [path, { bytes, synced }] of this.#files) {
      next.put(path, how === "kill" ? bytes : bytes.slice(0, synced + unsyncedBytes));
    }
    return next;
  }

  async read(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    await this.#operate("read", path);
    return this.#files.get(path)?.bytes.slice(-maxBytes);
  }

  async identify(path: string): Promise<string | undefined> {
    await this.#operate("read", path);
    return this.#files.get(path)?.id;
  }

  async openAppend(path: string): Promise<AppendFile> {
    await this.#operate("open", path);
    const file = this.#files.get(path) ?? { bytes: new Uint8Array(), synced: 0, id: `${nextId++}` };
    this.#files.set(path, file);
    return {
      append: async (bytes) => {
        const add = (count: number): void => {
          file.bytes = new Uint8Array(Buffer.concat([file.bytes, bytes.slice(0, count)]));
        };
        await this.#operate("append", path, add);
        add(bytes.length);
      },
      sync: async () => {
        await this.#operate("sync", path);
        file.synced = file.bytes.length;
      },
      isAt: async (place) => this.#files.get(place) === file,
      close: async () => undefined,
    };
  }

  async create(path: string, bytes: Uint8Array): Promise<boolean> {
    await this.#operate("create", path);
    if (this.#files.has(path)) return false;
    this.put(path, bytes);
    return true;
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#operate("rename", to);
    const file = this.#files.get(from);
    if (!file) throw coded("ENOENT");
    this.#files.delete(from);
    this.#files.set(to, file);
  }

  async keepAside(path: string): Promise<string | undefined> {
    const aside = `${path}.damaged`;
    await this.#operate("link", aside);
    const file = this.#files.get(path);
    if (!file) return undefined;
    this.#files.set(aside, file);
    return aside;
  }

  async remove(path: string): Promise<void> {
    await this.#operate("remove", path);
    this.#files.delete(path);
  }

  async #operate(
    name: Operation["name"],
    path: string,
    before: (bytes: number) => void = () => undefined,
  ): Promise<void> {
    // Real ones take their time, too.
    await new Promise((resolve) => setImmediate(resolve));
    const operation = { index: this.operations.length, name, path };
    this.operations.push(operation);
    const fault = this.#isDead ? { hangs: true as const } : this.fault(operation);
    if (!fault) return;
    if ("hangs" in fault) return new Promise(() => undefined);
    if ("takes" in fault) {
      await fault.takes;
      return;
    }
    before(fault.afterBytes ?? 0);
    if ("code" in fault) throw coded(fault.code);
    this.#isDead = true;
    return new Promise(() => undefined);
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(`${code}: as the test wants it`), { code });
}
