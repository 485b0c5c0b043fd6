import { BardcastError, type ErrorCode } from "../../core/errors.ts";

/** A request to the API, in the words of `fetch`. */
export interface ApiRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A table as tools need it: its HTTP API, with the rights of whoever asks. */
export interface TableApi {
  /**
   * Asks for what is below `/api`.
   * @throws BardcastError as the table says it; `not-found` where no table answers
   */
  call<T>(path: string, request?: ApiRequest): Promise<T>;
}

/** A request with a body. @param prefer of RFC 7240: `respond-async` */
export function sending(method: "POST" | "PUT", body: object, prefer?: string): ApiRequest {
  const headers = { "Content-Type": "application/json", ...(prefer === undefined ? {} : { Prefer: prefer }) };
  return { method, headers, body: JSON.stringify(body) };
}

/** What an answer of the API says. @throws BardcastError as the table says it, or says nothing of it */
export async function answerIn<T>(response: Response): Promise<T> {
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && typeof answer === "object" && answer !== null) return answer as T;
  const { error } = (answer ?? {}) as { error?: { code?: ErrorCode; message?: string } };
  const message = error?.message ?? `the table answered ${response.status}`;
  throw new BardcastError(error?.code ?? "internal", message);
}
