import { TOKEN_SUBPROTOCOL } from "../../core/protocol/v2.ts";

/**
 * The token of a request: from its header, else among the subprotocols that it offers
 * (`bardcast.v2, bardcast.token.…`), which is all that a browser lets a page set for a socket, else from its address,
 * where others may see it.
 */
export function tokenOf({ headers, url }: Request): string | undefined {
  return bearerOf(headers) ?? offeredIn(headers) ?? new URL(url).searchParams.get("token") ?? undefined;
}

/** The token in the header of a request. */
export function bearerOf(headers: Headers): string | undefined {
  return /^Bearer (.+)$/i.exec(headers.get("Authorization") ?? "")?.[1];
}

function offeredIn(headers: Headers): string | undefined {
  // The first is what the answer names: a token has no place there.
  const [, ...others] = headers.get("Sec-WebSocket-Protocol")?.split(",") ?? [];
  const offered = others.map((name) => name.trim()).find((name) => name.startsWith(TOKEN_SUBPROTOCOL));
  return offered?.slice(TOKEN_SUBPROTOCOL.length);
}
