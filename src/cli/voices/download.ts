import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { BardcastError, messageOf } from "../../core/errors.ts";
import { writeAll } from "./write-all.ts";

/** Attempts that may get nothing at all, one after the other. */
const MAX_FRUITLESS = 3;
/** More than any voice has. */
const MAX_BYTES = 4 * 1024 ** 3;

export interface DownloadOptions {
  /** Told as bytes come; `total` where it is known. */
  onProgress?: (bytes: number, total: number | undefined) => void;
  signal?: AbortSignal;
}

/**
 * Downloads into a file. What is there already is taken for the beginning, and only the rest is asked for, unless
 * the server has another file by now; a connection that breaks is taken up again.
 * @param sizes bytes that it may have; with none, any
 * @throws BardcastError `not-found`, `bad-request` for another size, `internal`; the file is left, so that another
 * call goes on
 */
export async function download(
  url: URL,
  path: string,
  sizes: readonly number[] = [],
  options: DownloadOptions = {},
): Promise<void> {
  for (let fruitless = 0; ; ) {
    const before = await sizeOf(path);
    try {
      await fetchRest(url, path, sizes, options);
      return;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof BardcastError) throw error;
      fruitless = (await sizeOf(path)) > before ? 0 : fruitless + 1;
      if (fruitless < MAX_FRUITLESS) continue;
      throw brokenOff(url, await sizeOf(path), error);
    }
  }
}

/** Deletes a download, finished or not. */
export async function discard(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(tagPath(path), { force: true });
}

async function fetchRest(
  url: URL,
  path: string,
  sizes: readonly number[],
  { onProgress, signal }: DownloadOptions,
): Promise<void> {
  const held = await sizeOf(path);
  const response = await fetch(url, {
    // What is stored must be what was hashed.
    headers: { "Accept-Encoding": "identity", ...(held > 0 ? await rangeFrom(held, path) : {}) },
    ...(signal ? { signal } : {}),
  });
  if (response.status === 416) return finished(response, path, held);
  const body = bodyOf(response, url);
  // A server that knows no ranges begins anew, and so does one that has another file by now.
  const start = response.status === 206 ? held : 0;
  if (start > 0 && !beginsAt(response, held)) {
    await discard(path);
    throw new TypeError("it came from another place than was asked for");
  }
  const total = totalOf(response, start);
  if (total !== undefined && sizes.length > 0 && !sizes.includes(total)) {
    const message = `${url} has ${total} bytes instead of ${sizes.join(" or ")}: it was replaced, or is another file`;
    throw new BardcastError("bad-request", message);
  }
  if (start === 0) await rememberTag(response, path);
  const file = await open(path, start === 0 ? "w" : "a");
  let bytes = start;
  try {
    for await (const part of body) {
      bytes += part.length;
      if (bytes > (total ?? MAX_BYTES)) throw new BardcastError("payload-too-large", `${url} does not end`);
      await writeAll(file, part);
      onProgress?.(bytes, total);
    }
  } finally {
    await file.close();
  }
  if (total !== undefined && bytes < total) throw new TypeError(`${bytes} of ${total} bytes came`);
}

function bodyOf(response: Response, url: URL): NonNullable<Response["body"]> {
  if (response.ok && response.body) return response.body;
  const message = `${url} answers ${response.status}`;
  // It may have recovered when it is asked again.
  if (response.status >= 500) throw new TypeError(message);
  throw new BardcastError("not-found", message);
}

function totalOf({ headers }: Response, start: number): number | undefined {
  const length = headers.get("Content-Length");
  return length === null ? undefined : start + Number(length);
}

function beginsAt({ headers }: Response, held: number): boolean {
  return headers.get("Content-Range")?.startsWith(`bytes ${held}-`) === true;
}

/** There is no rest: it is whole, or it is not the beginning of this file at all. */
async function finished(response: Response, path: string, held: number): Promise<void> {
  const total = /\*\/(\d+)$/.exec(response.headers.get("Content-Range") ?? "")?.[1];
  if (total !== undefined && Number(total) === held) return;
  await discard(path);
  throw new TypeError("what was there is not a part of it");
}

/** Only of the file that the beginning is from (RFC 9110, 13.1.5). */
async function rangeFrom(held: number, path: string): Promise<Record<string, string>> {
  const tag = await readFile(tagPath(path), "utf8").catch(() => "");
  return { Range: `bytes=${held}-`, ...(tag ? { "If-Range": tag } : {}) };
}

async function rememberTag({ headers }: Response, path: string): Promise<void> {
  const tag = headers.get("ETag") ?? "";
  // A weak one does not promise that the bytes are the same.
  if (tag.startsWith('"')) await writeFile(tagPath(path), tag);
  else await rm(tagPath(path), { force: true });
}

function tagPath(path: string): string {
  return `${path}.etag`;
}

function brokenOff(url: URL, held: number, cause: unknown): BardcastError {
  const message =
    held > 0
      ? `the download broke off (${messageOf(cause)}); the same command goes on from there`
      : `${url.host} cannot be reached (${messageOf(cause)})`;
  return new BardcastError("internal", message, { cause, retryable: true });
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
