import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BardcastError } from "../../core/errors.ts";
import { ByteReader } from "./byte-reader.ts";
import { writeAll } from "./write-all.ts";

const BLOCK_BYTES = 512;
/** Longest entry that tells of the next one: its name, and what some systems keep of a file besides. */
const MAX_EXTENDED_BYTES = 64 * 1024;
/** Types of entries (POSIX.1-2001, ustar; `L` is GNU's). */
const FILE = "0";
const FOLDER = "5";
const LONG_NAME = "L";
const EXTENDED = "x";
const EXTENDED_FOR_ALL = "g";

export interface UntarLimits {
  /** Entries, those that only tell of the next one too; default 20 000. */
  maxEntries?: number;
  /** Bytes of all files; default 2 GiB. */
  maxBytes?: number;
}

const DEFAULT_MAX_ENTRIES = 20_000;
const DEFAULT_MAX_BYTES = 2 * 1024 ** 3;

interface Entry {
  name: string;
  type: string;
  size: number;
}

/**
 * Unpacks a tar archive into a folder, without the folder that all its entries are in. Files and folders only:
 * a link, a device, an absolute path or one that leads out is an error, and so is more than the limits allow.
 * Modes, owners and times are left behind.
 * @throws BardcastError `bad-request`, `payload-too-large`, `internal` where it cannot be written
 */
export async function untar(
  source: AsyncIterable<Uint8Array>,
  folder: string,
  limits: UntarLimits = {},
): Promise<void> {
  const { maxEntries = DEFAULT_MAX_ENTRIES, maxBytes = DEFAULT_MAX_BYTES } = limits;
  const reader = new ByteReader(source);
  let bytes = 0;
  let isEmpty = true;
  try {
    for await (const entry of entriesOf(reader, maxEntries)) {
      isEmpty = false;
      bytes += entry.size;
      if (bytes > maxBytes) throw tooLarge(`it has more than ${maxBytes} bytes unpacked`);
      await unpack(reader, entry, folder);
    }
  } finally {
    await reader.close();
  }
  if (isEmpty) throw new BardcastError("bad-request", "the archive is empty");
}

async function unpack(reader: ByteReader, { name, type, size }: Entry, folder: string): Promise<void> {
  const inside = pathInside(name);
  if (type !== FILE && type !== FOLDER) {
    throw new BardcastError(
      "bad-request",
      `the archive has a link or a device, "${name}": it is not unpacked`,
    );
  }
  if (type === FOLDER || inside === "") {
    await mkdir(join(folder, inside), { recursive: true });
    await reader.skip(padded(size));
    return;
  }
  const path = join(folder, inside);
  await mkdir(dirname(path), { recursive: true });
  // Never through what an earlier entry has put there.
  const file = await open(path, "wx");
  try {
    for await (const part of reader.take(size)) await writeAll(file, part, path);
  } finally {
    await file.close();
  }
  await reader.skip(padded(size) - size);
}

/** The path below the archive's own folder. @throws BardcastError `bad-request` where it leads elsewhere */
function pathInside(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const isOutside = /^[/\\]|^[a-z]:|\\|\0/i.test(name) || parts.includes("..");
  if (isOutside) {
    throw new BardcastError("bad-request", `the archive wants to write outside its folder ("${name}")`);
  }
  return parts.slice(1).join("/");
}

async function* entriesOf(reader: ByteReader, maxEntries: number): AsyncGenerator<Entry, void, undefined> {
  let longName: string | undefined;
  // Those that only tell of the next one count as well: there could be endless many of them.
  for (let entries = 0; ; entries++) {
    const header = await reader.exactly(BLOCK_BYTES);
    if (!header || header.every((byte) => byte === 0)) return;
    if (entries >= maxEntries) throw tooLarge(`it has more than ${maxEntries} entries`);
    const entry = parseHeader(header);
    if (entry.type === LONG_NAME || entry.type === EXTENDED || entry.type === EXTENDED_FOR_ALL) {
      if (entry.size > MAX_EXTENDED_BYTES)
        throw new BardcastError("bad-request", "a name in the archive is too long");
      const told = text(
        ((await reader.exactly(padded(entry.size))) ?? new Uint8Array()).subarray(0, entry.size),
      );
      if (entry.type === LONG_NAME) longName = told;
      else if (entry.type === EXTENDED) longName = /^\d+ path=(.*)$/m.exec(told)?.[1] ?? longName;
      continue;
    }
    yield { ...entry, name: longName ?? entry.name };
    longName = undefined;
  }
}

function parseHeader(header: Uint8Array): Entry {
  const sum = Number.parseInt(text(header.subarray(148, 156)), 8);
  // The sum is counted with spaces where it stands itself.
  const counted = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  const size = Number.parseInt(text(header.subarray(124, 136)), 8);
  if (sum !== counted || !(size >= 0))
    throw new BardcastError("bad-request", "it is not a whole tar archive");
  // GNU's own format has other things where ustar has the beginning of the name.
  const prefix = header[262] === 0 ? text(header.subarray(345, 500)) : "";
  const name = text(header.subarray(0, 100));
  const type = String.fromCharCode(header[156] || FILE.charCodeAt(0));
  return { name: prefix ? `${prefix}/${name}` : name, type, size: type === FOLDER ? 0 : size };
}

/** Up to the first zero. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
}

function tooLarge(what: string): BardcastError {
  return new BardcastError("payload-too-large", `the archive is not unpacked: ${what}`);
}
