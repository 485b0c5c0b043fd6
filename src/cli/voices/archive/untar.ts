import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createTarDecoder, type TarHeader } from "modern-tar";
import { BardcastError } from "../../../core/errors.ts";
import { writeAll } from "../download/write-all.ts";

/** What an entry takes besides a file's bytes: its header, and what fills up its last block. */
const BYTES_PER_ENTRY = 1024;
/** Longest name; file systems take no longer ones. */
const MAX_NAME_CHARS = 4096;

export interface UntarLimits {
  /** Entries, and KiB of what is in no file; default 20 000. */
  maxEntries?: number;
  /** Bytes of all files; default 2 GiB. */
  maxBytes?: number;
}

const DEFAULT_MAX_ENTRIES = 20_000;
const DEFAULT_MAX_BYTES = 2 * 1024 ** 3;

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
  const { readable, writable } = createTarDecoder({ strict: true });
  const entries = readable.getReader();
  const feed = new Feed(writable, maxEntries);
  const fed = feed.write(source);
  let count = 0;
  let bytes = 0;
  try {
    for (let entry = await feed.read(entries); entry; entry = await feed.read(entries)) {
      const { header, body } = entry;
      bytes += header.size;
      count += 1;
      if (count > maxEntries) throw tooLarge(`it has more than ${maxEntries} entries`);
      if (bytes > maxBytes) throw tooLarge(`it has more than ${maxBytes} bytes unpacked`);
      feed.found(header.size);
      await unpack(header, body, { folder, feed });
    }
  } finally {
    await entries.cancel().catch(() => undefined);
    await fed;
  }
  if (count === 0) throw new BardcastError("bad-request", "the archive is empty");
}

async function unpack(
  { name, type }: TarHeader,
  body: ReadableStream<Uint8Array>,
  { folder, feed }: { folder: string; feed: Feed },
): Promise<void> {
  const inside = pathInside(name);
  if (type !== "file" && type !== "directory") {
    throw new BardcastError(
      "bad-request",
      `the archive has a link or a device, "${name}": it is not unpacked`,
    );
  }
  if (type === "directory" || inside === "") {
    await mkdir(join(folder, inside), { recursive: true });
    await body.cancel();
    return;
  }
  const path = join(folder, inside);
  await mkdir(dirname(path), { recursive: true });
  // Never through what an earlier entry has put there.
  const file = await open(path, "wx").catch((cause) => {
    if ((cause as { code?: unknown }).code !== "EEXIST") throw cause;
    throw new BardcastError("bad-request", `the archive has "${name}" twice: it is not unpacked`, { cause });
  });
  try {
    const parts = body.getReader();
    for (let part = await feed.read(parts); part; part = await feed.read(parts)) {
      await writeAll(file, part, path);
    }
  } finally {
    await file.close();
  }
}

/** The path below the archive's own folder. @throws BardcastError `bad-request` where it leads elsewhere */
function pathInside(name: string): string {
  if (name.length > MAX_NAME_CHARS)
    throw new BardcastError("bad-request", "a name in the archive is too long");
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const isOutside = /^[/\\]|^[a-z]:|\\|\0/i.test(name) || parts.includes("..");
  if (isOutside) {
    throw new BardcastError("bad-request", `the archive wants to write outside its folder ("${name}")`);
  }
  return parts.slice(1).join("/");
}

/** Gives the decoder an archive, as fast as what comes out is taken, and bounds what never comes out. */
class Feed {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #maxEntries: number;
  /** Bytes that were given, and those of files that were found in them. */
  #given = 0;
  #found = 0;
  /** Whether all that was given is used up, and nothing came of it yet. */
  #isAwaited = false;
  /** Why no more is given: the source's own error, or that it is too much. */
  #failure: { error: unknown } | undefined;

  constructor(writable: WritableStream<Uint8Array>, maxEntries: number) {
    this.#writer = writable.getWriter();
    this.#maxEntries = maxEntries;
  }

  /** Never rejects: whoever reads hears what went wrong. */
  async write(source: AsyncIterable<Uint8Array>): Promise<void> {
    const isTaken = (writing: Promise<void>): Promise<boolean> =>
      writing.then(
        () => true,
        () => false,
      );
    try {
      for await (const bytes of source) {
        this.#given += bytes.length;
        if (!(await isTaken(this.#writer.write(bytes)))) return;
        this.#requireSense();
      }
      await isTaken(this.#writer.close());
    } catch (error) {
      this.#failure = { error };
      await isTaken(this.#writer.abort(error));
    }
  }

  /** A file of so many bytes. */
  found(bytes: number): void {
    this.#found += bytes;
  }

  /**
   * What the decoder gives next; undefined at the end.
   * @throws BardcastError `bad-request` where it makes no sense; what the source threw
   */
  async read<T>(reader: ReadableStreamDefaultReader<T>): Promise<T | undefined> {
    this.#isAwaited = true;
    try {
      return (await reader.read()).value;
    } catch (cause) {
      throw this.#failure ? this.#failure.error : notTar(cause);
    } finally {
      this.#isAwaited = false;
    }
  }

  /** Names and attributes that tell of the next entry are no entries to the decoder: there could be endless many. */
  #requireSense(): void {
    const isTooMuch = this.#given - this.#found > this.#maxEntries * BYTES_PER_ENTRY;
    if (this.#isAwaited && isTooMuch) throw tooLarge(`it has more than ${this.#maxEntries} entries`);
  }
}

function notTar(cause: unknown): BardcastError {
  return new BardcastError("bad-request", "it is not a whole tar archive", { cause });
}

function tooLarge(what: string): BardcastError {
  return new BardcastError("payload-too-large", `the archive is not unpacked: ${what}`);
}
