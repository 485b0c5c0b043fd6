import { BardcastError, messageOf } from "../../../core/errors.ts";
import { steadyFetch } from "./steady-fetch.ts";

export interface FetchTextOptions {
  /** Bytes of it that are read. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

/**
 * The text at an address, or the beginning of one that is longer than it may be.
 * @returns undefined where the server has none
 * @throws BardcastError `internal` where the server cannot be reached; `bad-request` for a redirect that is not safe to
 * follow; the signal's reason
 */
export async function fetchText(
  url: URL,
  { maxBytes, signal }: FetchTextOptions,
): Promise<string | undefined> {
  try {
    await using answer = await steadyFetch(url, { signal });
    if (!answer.response.ok) return undefined;
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    for await (const part of answer.bytes) {
      text += decoder.decode(part, { stream: true });
      bytes += part.length;
      if (bytes > maxBytes) break;
    }
    return text;
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof BardcastError) throw cause;
    const message = `${url.host} cannot be reached (${messageOf(cause)})`;
    throw new BardcastError("internal", message, { cause, retryable: true });
  }
}
