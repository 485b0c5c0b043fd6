import { type ErrorCode, toWire } from "../../core/errors.ts";
import { InputError } from "../../core/protocol/messages.ts";

/** An error as OpenAI's clients read it. */
export interface OpenAiErrorBody {
  error: { message: string; type: string; param: string | null; code: ErrorCode };
}

/** What OpenAI calls kinds of errors; the rest is the server's. */
const TYPES: Partial<Record<ErrorCode, string>> = {
  unauthorized: "authentication_error",
  forbidden: "permission_error",
  "not-found": "invalid_request_error",
  "bad-request": "invalid_request_error",
  "text-empty": "invalid_request_error",
  "text-too-long": "invalid_request_error",
  "text-failed": "invalid_request_error",
  "payload-too-large": "invalid_request_error",
  "request-timeout": "invalid_request_error",
  busy: "rate_limit_error",
};

export function openAiError(error: unknown): OpenAiErrorBody {
  const { code, message } = toWire(error);
  const param = error instanceof InputError ? error.issues[0]?.path || null : null;
  return { error: { message, type: TYPES[code] ?? "server_error", param, code } };
}
