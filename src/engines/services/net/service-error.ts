import { BardcastError, type ErrorCode } from "../../../core/errors.ts";

/** What a service answered, or why it did not; its message never quotes a URL or a header of the request. */
export class ServiceError extends BardcastError {
  /** ms after which the service wants to be asked again. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { retryable?: boolean; retryAfterMs?: number } = {},
  ) {
    super(code, message, { retryable: options.retryable ?? false });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Nothing answers there. @param url of which only the host is told */
export function unreachable(url: string): ServiceError {
  return new ServiceError("engine-unavailable", `${hostOf(url)} cannot be reached`, { retryable: true });
}

/** The service went away in the middle. */
export function broken(): ServiceError {
  return new ServiceError("engine-failed", "the connection broke", { retryable: true });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "the service";
}
