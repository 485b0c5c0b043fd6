import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { BardcastError, type ErrorCode, toWire } from "../../core/errors.ts";
import { InputError, type Issue } from "../../core/protocol/messages.ts";

/** Status of the codes that callers can do something about; everything else is our fault: 500. */
const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  "bad-request": 400,
  "text-empty": 400,
  "text-too-long": 400,
  "text-failed": 400,
  "unknown-player": 400,
  "voice-unknown": 400,
  unauthorized: 401,
  forbidden: 403,
  "unknown-utterance": 404,
  "not-found": 404,
  "request-timeout": 408,
  "too-late": 409,
  exists: 409,
  "payload-too-large": 413,
  "too-many-messages": 429,
  "upgrade-required": 426,
  busy: 503,
  closed: 503,
};

const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD"]);
/** Of these a part of the body may have been read. */
const HALF_READ: ReadonlySet<ErrorCode> = new Set(["request-timeout", "payload-too-large"]);

export interface ErrorBody {
  error: { code: ErrorCode; message: string; issues?: readonly Issue[] };
}

/**
 * The error as an answer: a code to script against, a sentence that says what to do.
 * @param bodyOf how it is told
 */
export function errorResponse(
  c: Context,
  error: unknown,
  bodyOf: (error: unknown) => object = errorBody,
): Response {
  const { code } = toWire(error);
  if (code === "unauthorized") c.header("WWW-Authenticate", "Bearer");
  if (code === "busy") c.header("Retry-After", "1");
  endUnread(c, code);
  return c.json(bodyOf(error), statusOf(error));
}

function errorBody(error: unknown): ErrorBody {
  const { code, message } = toWire(error);
  const issues = error instanceof InputError ? { issues: error.issues } : {};
  return { error: { code, message, ...issues } };
}

/** A body that nobody reads any more would be waited for, and taken for the next request: the connection ends with the answer. */
export function endUnread(c: Context, code: ErrorCode): void {
  const isUnread = !BODILESS.has(c.req.method) && !c.req.raw.bodyUsed;
  if (isUnread || HALF_READ.has(code)) c.header("Connection", "close");
}

/** The status that an error is answered with. */
export function statusOf(error: unknown): ContentfulStatusCode {
  return STATUS[toWire(error).code] ?? 500;
}

export function notFound(): BardcastError {
  return new BardcastError(
    "not-found",
    "there is nothing here; the pages are /dm and /play, the API is /api",
  );
}
