import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { BardcastError, messageOf } from "../../core/errors.ts";
import { steadyFetch } from "./steady-fetch.ts";

/** Beside the files of a release, what each of them is. */
export const INDEX = "checksum.txt";
/** Longest index that is read, in bytes. */
const MAX_INDEX_BYTES = 4 * 1024 * 1024;

/** SHA-256 of a file, in hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
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
  for (const line of (await indexBeside(url, signal)).split("\n")) {
    const words = line.trim().split(/\s+/);
    const hash = words.find((word) => /^[0-9a-f]{64}$/i.test(word));
    // `sha256sum` puts a star before the name of a file that it read as it is.
    if (words.length === 2 && words.some((word) => word.replace(/^\*/, "") === name)) return hash;
  }
  return undefined;
}

async function indexBeside(url: URL, signal?: AbortSignal): Promise<string> {
  let text = "";
  try {
    await using answer = await steadyFetch(new URL(INDEX, url), { signal });
    if (!answer.response.ok) return "";
    const decoder = new TextDecoder();
    let bytes = 0;
    for await (const part of answer.bytes) {
      text += decoder.decode(part, { stream: true });
      bytes += part.length;
      if (bytes > MAX_INDEX_BYTES) break;
    }
    return text;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof BardcastError) throw cause;
    const message = `${url.host} cannot be reached (${messageOf(cause)})`;
    throw new BardcastError("internal", message, { cause, retryable: true });
  }
}
