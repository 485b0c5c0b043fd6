import { cleanText } from "./clean-text.ts";

/** Every way Bardcast says no. A code is part of the contract; a message may be reworded. */
export type ErrorCode =
  // at the door
  | "bad-request"
  | "text-empty"
  | "text-too-long"
  | "unknown-player"
  | "unknown-utterance"
  | "too-late"
  | "exists"
  | "payload-too-large"
  | "request-timeout"
  | "upgrade-required"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "busy"
  | "too-many-messages"
  // speech
  | "engine-unavailable"
  | "engine-failed"
  | "engine-silent"
  | "engine-hung"
  | "all-engines-failed"
  | "voice-unknown"
  | "markup-unknown"
  | "text-failed"
  | "broken-off"
  | "bad-frame"
  | "worker-lost"
  | "worker-failed"
  // life
  | "cancelled"
  | "closed"
  | "registry-invalid"
  | "registry-unsaved"
  | "internal";

/** An error as it travels: between threads, in an HTTP body, in a socket message. */
export interface WireError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
}

/** The one error class: `code` says what happened, `retryable` whether trying again later may help. */
export class BardcastError extends Error {
  override readonly name = "BardcastError";
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/**
 * What may be told about an error. A `BardcastError` speaks for itself; of anything else only the fact
 * travels, because a runtime's own message may quote source code or paths.
 */
export function toWire(error: unknown): WireError {
  if (error instanceof BardcastError) {
    return { code: error.code, message: cleanText(error.message), retryable: error.retryable };
  }
  return { code: "internal", message: "something unexpected went wrong", retryable: false };
}

/** The error again, on the other side. */
export function fromWire(wire: WireError): BardcastError {
  return new BardcastError(wire.code, wire.message, { retryable: wire.retryable });
}

/** Characters of what somebody else's code says about its error. */
const MAX_MESSAGE = 1000;
const NO_REASON = "no reason was given";

/** A human sentence for a log or for the operator, from anything that was thrown. Never throws. */
export function messageOf(error: unknown): string {
  try {
    const message = isObject(error) && "message" in error ? error.message : error;
    const words = message === undefined || message === null ? "" : String(message);
    return cleanText(words.slice(0, MAX_MESSAGE)).trim() || NO_REASON;
  } catch {
    // Of an object whose own parts throw nothing can be told.
    return NO_REASON;
  }
}

/** Turns anything that was thrown into an error with a code; one of our own codes is kept. Never throws. */
export function coded(error: unknown, code: ErrorCode, about?: string): BardcastError {
  try {
    if (error instanceof BardcastError) return error;
  } catch {
    // It is none of ours.
  }
  const message = about === undefined ? messageOf(error) : `${about}: ${messageOf(error)}`;
  return new BardcastError(code, message, { cause: error });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
