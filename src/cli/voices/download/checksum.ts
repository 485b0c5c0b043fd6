import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { fetchText } from "./fetch-text.ts";

/** Beside the files of a release, what each of them is. */
export const INDEX = "checksum.txt";
/** Longest index that is read, in bytes. */
const MAX_INDEX_BYTES = 4 * 1024 * 1024;

/** Hash of a file, in hex. */
export async function hashFile(path: string, algorithm: "sha256" | "md5" = "sha256"): Promise<string> {
  const hash = createHash(algorithm);
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest("hex");
}

/**
 * The SHA-256 that the index beside a file has for it: lines of a name and a hash, in either order.
 * @returns undefined where there is no such index, or it has no such name
 * @throws BardcastError `internal` where the server cannot be reached
 */
export async function publishedHash(url: URL, signal?: AbortSignal): Promise<string | undefined> {
  const name = url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  const index = await fetchText(new URL(INDEX, url), { maxBytes: MAX_INDEX_BYTES, signal });
  for (const line of index?.split("\n") ?? []) {
    const words = line.trim().split(/\s+/);
    const hash = words.find((word) => /^[0-9a-f]{64}$/i.test(word));
    // `sha256sum` puts a star before the name of a file that it read as it is.
    if (words.length === 2 && words.some((word) => word.replace(/^\*/, "") === name)) return hash;
  }
  return undefined;
}
