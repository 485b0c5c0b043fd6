import { TOKEN_SUBPROTOCOL, V2_SUBPROTOCOL } from "../../core/protocol/v2.ts";

/** What may be the name of a subprotocol: a signed token is, one of the game master's own choosing may not be. */
const NAME = /^[\w.~-]+$/;

/** How a socket is asked for. */
export interface Upgrade {
  url: URL;
  protocols: string[];
  /** Of a plain request that is to be answered as the upgrade is. */
  headers?: Record<string, string>;
}

/** Offers v2, and with it the token, which then is in no address: proxies log those. */
export function v2Upgrade(address: URL): Upgrade {
  const url = new URL(address);
  const token = url.searchParams.get("token") ?? "";
  const protocols = [V2_SUBPROTOCOL];
  if (!NAME.test(token)) return { url, protocols };
  url.searchParams.delete("token");
  protocols.push(TOKEN_SUBPROTOCOL + token);
  return { url, protocols, headers: { Authorization: `Bearer ${token}` } };
}
