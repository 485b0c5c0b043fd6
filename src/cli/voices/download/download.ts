import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BardcastError, messageOf } from "../../../core/errors.ts";
import { steadyFetch } from "./steady-fetch.ts";
import { writeAll } from "./write-all.ts";

/** Attempts that may get next to nothing, one after the other. */
const MAX_FRUITLESS = 3;
/** Fewer bytes than this are next to nothing. */
const FRUIT_BYTES = 64 * 1024;
/** ms before another attempt after one that got next to nothing; twice as many before the next. */
const FIRST_PAUSE_MS = 500;
/** More than any voice has. */
const MAX_BYTES = 4 * 1024 ** 3;

export interface DownloadOptions {
  /** Told as bytes come; `total` where it is known. */
  onProgress?: (bytes: number, total: number | undefined) => void;
  /** ms without a byte after which a connection is given up and taken up again; default 30,000. */
  stallMs?: number;
  signal?: AbortSignal;
}

/**
 * Downloads into a file. What is there already is taken for the beginning, and only the rest is asked for, unless
 * the server has another file by now; a connection that breaks or stands still is taken up again, a few times. It may
 * take as long as it likes while it moves.
 * @param sizes bytes that it may have; with none, any
 * @throws BardcastError `not-found`, `bad-request` for another size, `internal`; the file is left, so that another
 * call goes on; the signal's reason
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
      const held = await sizeOf(path);
      fruitless = held - before >= FRUIT_BYTES ? 0 : fruitless + 1;
      if (fruitless >= MAX_FRUITLESS) throw brokenOff(url, held, error);
      if (fruitless > 0) await pause(FIRST_PAUSE_MS * 2 ** (fruitless - 1), options.signal);
    }
  }
}

/** @throws the signal's reason */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
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
  { onProgress, ...options }: DownloadOptions,
): Promise<void> {
  const held = await sizeOf(path);
  // What is stored must be what was hashed.
  const headers = { "Accept-Encoding": "identity", ...(held > 0 ? await rangeFrom(held, path) : {}) };
  await using answer = await steadyFetch(url, { ...options, headers });
  const { response } = answer;
  if (response.status === 416) return finished(response, path, held);
  requireFound(response, url);
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
  const limit = total ?? Math.max(...sizes, sizes.length > 0 ? 0 : MAX_BYTES);
  if (limit > MAX_BYTES) throw tooLarge(url);
  if (start === 0) await rememberTag(response, path);
  const file = await open(path, start === 0 ? "w" : "a");
  let bytes = start;
  try {
    for await (const part of answer.bytes) {
      bytes += part.length;
      if (bytes > limit) throw tooLarge(url);
      await writeAll(file, part, path);
      onProgress?.(bytes, total);
    }
  } finally {
    await file.close();
  }
  if (total !== undefined && bytes < total) throw new TypeError(`${bytes} of ${total} bytes came`);
}

function requireFound(response: Response, url: URL): void {
  if (response.ok) return;
  const message = `${url} answers ${response.status}`;
  // It may have recovered when it is asked again.
  if (response.status >= 500) throw new TypeError(message);
  throw new BardcastError("not-found", message);
}

function tooLarge(url: URL): BardcastError {
  return new BardcastError("payload-too-large", `${url} is larger than it may be`);
}

function totalOf({ headers }: Response, start: number): number | undefined {
  const length = headers.get("Content-Length");
  return length !== null && /^\d+$/.test(length) ? start + Number(length) : undefined;
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
