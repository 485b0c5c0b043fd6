/** Errors of WASI that are answered (`wasi_snapshot_preview1`, `errno`). */
const OK = 0;
const BAD_FILE = 8;
const NO_ENTRY = 44;
const NO_SEEK = 70;
/** What a file descriptor is: a terminal, a folder, a file. */
const CHARACTER_DEVICE = 2;
const FOLDER = 3;
const FILE = 4;
/** The one folder there is, `.`; descriptors of files follow it. */
const ROOT_FD = 3;
const CREATE = 1;
/** `whence` of a seek. */
const FROM_START = 0;
const FROM_HERE = 1;
/** A page of WebAssembly's memory. */
const PAGE_BYTES = 65_536;

type Call = (...args: never[]) => number;

/** A file being written. */
interface OpenFile {
  bytes: Uint8Array<ArrayBuffer>;
  size: number;
  at: number;
}

/** Ends the program from within one of its calls. */
export class WasiExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/**
 * The system under one run of a WASI program (`wasi_snapshot_preview1`): it gives arguments, and takes what is
 * printed and the files that are written, all in memory. There are no files to read, no clock, no environment.
 */
export class WasiHost {
  /** The program's memory; a new view each time it has grown. */
  readonly memory: WebAssembly.Memory;
  readonly #args: readonly Uint8Array[];
  readonly #decoder = new TextDecoder();
  readonly #open = new Map<number, OpenFile>();
  readonly #files = new Map<string, OpenFile>();
  #output = "";

  constructor(memory: WebAssembly.Memory, args: readonly string[]) {
    const encoder = new TextEncoder();
    this.memory = memory;
    this.#args = args.map((arg) => encoder.encode(`${arg.replaceAll("\0", " ")}\0`));
  }

  /** What was printed so far; errors too. */
  get output(): string {
    return this.#output;
  }

  /** The files that were written, by name. */
  get files(): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
    const files = [...this.#files].map(([name, { bytes, size }]) => [name, bytes.subarray(0, size)] as const);
    return new Map(files);
  }

  get #bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  get #view(): DataView {
    return new DataView(this.memory.buffer);
  }

  /** The functions that the program imports. */
  calls(): Record<string, Call> {
    return {
      args_sizes_get: (count: number, size: number) => {
        this.#view.setUint32(count, this.#args.length, true);
        this.#view.setUint32(
          size,
          this.#args.reduce((sum, arg) => sum + arg.length, 0),
          true,
        );
        return OK;
      },
      args_get: (pointers: number, buffer: number) => this.#putArgs(pointers, buffer),
      clock_time_get: (_clock: number, _precision: bigint, time: number) => {
        this.#view.setBigUint64(time, 0n, true);
        return OK;
      },
      fd_close: (fd: number) => (this.#open.delete(fd) ? OK : BAD_FILE),
      fd_fdstat_get: (fd: number, stat: number) => this.#putStat(fd, stat),
      fd_fdstat_set_flags: () => OK,
      fd_prestat_get: (fd: number, stat: number) => {
        if (fd !== ROOT_FD) return BAD_FILE;
        this.#view.setUint32(stat, 0, true);
        this.#view.setUint32(stat + 4, 1, true);
        return OK;
      },
      fd_prestat_dir_name: (_fd: number, name: number) => {
        this.#bytes[name] = ".".charCodeAt(0);
        return OK;
      },
      fd_read: (_fd: number, _buffers: number, _count: number, read: number) => {
        this.#view.setUint32(read, 0, true);
        return OK;
      },
      fd_seek: (fd: number, offset: bigint, whence: number, at: number) =>
        this.#seek(fd, Number(offset), whence, at),
      fd_write: (fd: number, buffers: number, count: number, written: number) =>
        this.#writeAll(fd, buffers, count, written),
      path_open: (
        _folder: number,
        _lookup: number,
        name: number,
        length: number,
        flags: number,
        _rights: bigint,
        _inherited: bigint,
        _fdFlags: number,
        opened: number,
      ) => this.#openFile(name, length, flags, opened),
      proc_exit: (code: number) => {
        throw new WasiExit(code);
      },
    };
  }

  #putArgs(pointers: number, buffer: number): number {
    let [pointer, at] = [pointers, buffer];
    for (const arg of this.#args) {
      this.#view.setUint32(pointer, at, true);
      this.#bytes.set(arg, at);
      pointer += 4;
      at += arg.length;
    }
    return OK;
  }

  #putStat(fd: number, stat: number): number {
    const view = this.#view;
    view.setUint8(stat, fd < ROOT_FD ? CHARACTER_DEVICE : fd === ROOT_FD ? FOLDER : FILE);
    view.setUint16(stat + 2, 0, true);
    // Every right.
    view.setBigUint64(stat + 8, ~0n & 0xffff_ffff_ffff_ffffn, true);
    view.setBigUint64(stat + 16, ~0n & 0xffff_ffff_ffff_ffffn, true);
    return OK;
  }

  #openFile(name: number, length: number, flags: number, opened: number): number {
    const path = new TextDecoder().decode(this.#bytes.slice(name, name + length));
    // There is nothing to read.
    if ((flags & CREATE) === 0) return NO_ENTRY;
    const fd = ROOT_FD + 1 + this.#files.size;
    const file: OpenFile = { bytes: new Uint8Array(PAGE_BYTES), size: 0, at: 0 };
    this.#files.set(path, file);
    this.#open.set(fd, file);
    this.#view.setUint32(opened, fd, true);
    return OK;
  }

  #seek(fd: number, offset: number, whence: number, at: number): number {
    const file = this.#open.get(fd);
    if (!file) return NO_SEEK;
    file.at = offset + (whence === FROM_START ? 0 : whence === FROM_HERE ? file.at : file.size);
    this.#view.setBigUint64(at, BigInt(file.at), true);
    return OK;
  }

  #writeAll(fd: number, buffers: number, count: number, written: number): number {
    const file = this.#open.get(fd);
    if (!file && fd >= ROOT_FD) return BAD_FILE;
    let total = 0;
    for (let i = 0; i < count; i++) {
      const from = this.#view.getUint32(buffers + 8 * i, true);
      const length = this.#view.getUint32(buffers + 8 * i + 4, true);
      const bytes = this.#bytes.slice(from, from + length);
      if (file) write(file, bytes);
      else this.#output += this.#decoder.decode(bytes, { stream: true });
      total += length;
    }
    this.#view.setUint32(written, total, true);
    return OK;
  }
}

function write(file: OpenFile, bytes: Uint8Array): void {
  const end = file.at + bytes.length;
  if (end > file.bytes.length) {
    const larger = new Uint8Array(Math.max(file.bytes.length * 2, end));
    larger.set(file.bytes);
    file.bytes = larger;
  }
  file.bytes.set(bytes, file.at);
  file.at = end;
  file.size = Math.max(file.size, end);
}
