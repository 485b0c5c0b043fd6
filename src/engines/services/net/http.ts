import type { ServiceCall } from "./service.ts";
import { broken, ServiceError, unreachable } from "./service-error.ts";
import { MAX_WORDS_BYTES, wordsIn } from "./told-words.ts";

/** Bytes of an answer that is no sound. */
const MAX_JSON_BYTES = 1024 * 1024;
/** The service has no credit, no rights or no such thing for us, however often it is asked. */
const REFUSALS: ReadonlySet<number> = new Set([401, 402, 403, 404, 405, 410]);
/** What is in front of the service cannot reach it. */
const GATEWAY: ReadonlySet<number> = new Set([502, 503, 504]);

export interface HttpOrder {
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body: unknown;
  /** Whether an answer means that the service does not know the voice. */
  isVoiceUnknown?: (status: number, words: string) => boolean;
}

/**
 * Posts JSON; resolves with a response that has a body.
 * @throws ServiceError `engine-unavailable`, `engine-failed`, `voice-unknown`; `signal.reason`
 */
export async function post(url: string, call: ServiceCall, order: HttpOrder): Promise<Response> {
  const { headers = {}, body, isVoiceUnknown } = order;
  const { signal } = call;
  // Some servers answer only with the first audio, so a connection alone cannot be waited for.
  call.connected();
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
      // A key in a header of its own would follow a redirect to anywhere.
      redirect: "manual",
      signal,
    });
  } catch {
    signal.throwIfAborted();
    throw unreachable(url);
  }
  if (response.ok) return response;
  const words = await wordsOf(response, signal);
  if (isVoiceUnknown?.(response.status, words)) throw new ServiceError("voice-unknown", words);
  throw refusal(response, words);
}

/** Gets what is at the address, as JSON; null where the service refuses. @throws Error where there is none, or over a MiB of it */
export async function getJson(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(url, { headers, redirect: "manual", signal });
  if (response.status >= 500) throw broken();
  return JSON.parse(response.ok ? await textOf(response, signal, MAX_JSON_BYTES) : "null");
}

/** The body as it comes. @throws ServiceError `engine-failed` where it breaks off; `signal.reason` */
export async function* bytesOf(
  response: Response,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (response.body) yield* response.body;
  } catch {
    signal.throwIfAborted();
    throw broken();
  }
}

function refusal(response: Response, words: string): ServiceError {
  const { status } = response;
  const told = words === "" && status === 404 ? `it has no ${pathOf(response.url)}` : words;
  const message = `the service answered ${status}${told ? `: ${told}` : ""}`;
  if (REFUSALS.has(status)) return new ServiceError("engine-unavailable", message);
  const isBusy = status === 429;
  if (status < 500 && !isBusy && status !== 408) return new ServiceError("engine-failed", message);
  const retryAfterMs = retryAfter(response.headers);
  return new ServiceError(GATEWAY.has(status) ? "engine-unavailable" : "engine-failed", message, {
    retryable: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** What was asked for, without what may be secret. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : "such address";
}

/** ms, from seconds or a date (RFC 9110, 10.2.3), which is one by the service's own clock. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("Retry-After");
  if (value === null) return undefined;
  const isSeconds = /^\s*\d+\s*$/.test(value);
  const ms = isSeconds ? Number(value) * 1000 : Date.parse(value) - Date.parse(headers.get("Date") ?? "");
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** What the service says about it: the message in its JSON, or its text. */
async function wordsOf(response: Response, signal: AbortSignal): Promise<string> {
  const text = await textOf(response, signal, MAX_WORDS_BYTES).catch(() => {
    // The status says enough.
    signal.throwIfAborted();
    return "";
  });
  return wordsIn(text, typeOf(response));
}

/** The body's beginning, of about so many bytes at most. */
async function textOf(response: Response, signal: AbortSignal, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of bytesOf(response, signal)) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > maxBytes) break;
  }
  return text;
}

/** What it says it is; empty where it does not. */
export function typeOf(response: Response): string {
  return response.headers.get("Content-Type") ?? "";
}
