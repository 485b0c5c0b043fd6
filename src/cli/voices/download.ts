import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { BardcastError, messageOf } from "../../core/errors.ts";

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
 * Downloads into a file. What is there already is taken for the beginning, and only the rest is asked for; a
 * connection that breaks is taken up again.
 * @throws BardcastError `not-found`, `internal`; the file is left, so that another call goes on
 */
export async function download(url: URL, path: string, options: DownloadOptions = {}): Promise<void> {
  for (let fruitless = 0; ; ) {
    const before = await sizeOf(path);
    try {
      await fetchRest(url, path, options);
      return;
    } catch (error) {
      if (error instanceof BardcastError || options.signal?.aborted) throw error;
      fruitless = (await sizeOf(path)) > before ? 0 : fruitless + 1;
      if (fruitless < MAX_FRUITLESS) continue;
      const message = `the download broke off (${messageOf(error)}); the same command goes on from there`;
      throw new BardcastError("internal", message, { cause: error, retryable: true });
    }
  }
}

/** SHA-256 of a file, in hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest("hex");
}

async function fetchRest(url: URL, path: string, { onProgress, signal }: DownloadOptions): Promise<void> {
  const held = await sizeOf(path);
  const response = await fetch(url, {
    // What is stored must be what was hashed.
    headers: { "Accept-Encoding": "identity", ...(held > 0 ? { Range: `bytes=${held}-` } : {}) },
    ...(signal ? { signal } : {}),
  });
  if (response.status === 416) return finished(response, path, held);
  if (!response.ok || !response.body) {
    const message = `${url} answers ${response.status}`;
    if (response.status >= 500) throw new TypeError(message);
    throw new BardcastError("not-found", message);
  }
  // A server that knows no ranges begins anew.
  const start = response.status === 206 ? held : 0;
  const length = Number(response.headers.get("Content-Length") ?? Number.NaN);
  const total = Number.isFinite(length) ? start + length : undefined;
  const file = await open(path, start === 0 ? "w" : "a");
  let bytes = start;
  try {
    for await (const part of response.body) {
      bytes += part.length;
      if (bytes > MAX_BYTES) throw new BardcastError("payload-too-large", `${url} does not end`);
      await file.write(part);
      onProgress?.(bytes, total);
    }
  } finally {
    await file.close();
  }
  if (total !== undefined && bytes < total) throw new TypeError(`${bytes} of ${total} bytes came`);
}

/** There is no rest: it is whole, or it is not the beginning of this file at all. */
async function finished(response: Response, path: string, held: number): Promise<void> {
  const total = /\*\/(\d+)$/.exec(response.headers.get("Content-Range") ?? "")?.[1];
  if (total !== undefined && Number(total) === held) return;
  await rm(path, { force: true });
  throw new TypeError("what was there is not a part of it");
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
